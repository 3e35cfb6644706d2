// Keeps the two nearest objects of a vector of pixels. Part of nearest_two.cpp, within its
// namespace of one instruction set; KeyLayout and `hn` stand there.

/// A pixel's two nearest objects: distinct ids, first <= second.
template <class V>
struct Pair {
    V first, second;
};

/// Lets `candidate` take its place in `pair`.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void insert(D d, Pair<V>& pair, V candidate) {
    using Layout = KeyLayout<hn::TFromD<D>>;
    const auto same =
        hn::Eq(hn::And(hn::Xor(candidate, pair.first), hn::Set(d, Layout::id_mask)), hn::Zero(d));
    // The loser of the comparison with the first may be the second, unless it is the same object.
    const V loser = hn::IfThenElse(same, hn::Set(d, Layout::empty), hn::Max(pair.first, candidate));
    pair.first = hn::Min(pair.first, candidate);
    pair.second = hn::Min(pair.second, loser);
}

/// A step along the column: the pair as seen one pixel further, then the pixel's own label.
template <class D, class V = hn::Vec<D>>
HWY_INLINE void step(D d, Pair<V>& pair, V label, V limit) {
    using Layout = KeyLayout<hn::TFromD<D>>;
    const V empty = hn::Set(d, Layout::empty);
    const V one = hn::Set(d, hn::TFromD<D>{1} << Layout::id_bits);
    const V first = hn::Add(pair.first, one), second = hn::Add(pair.second, one);
    pair.first = hn::IfThenElse(hn::Lt(first, limit), first, empty);
    pair.second = hn::IfThenElse(hn::Lt(second, limit), second, empty);
    const V own = hn::IfThenElse(hn::Eq(label, hn::Zero(d)), empty, label);
    insert(d, pair, own);
}

HWY_INLINE hn::Vec<hn::ScalableTag<std::uint32_t>> square(
    hn::ScalableTag<std::uint32_t>, hn::Vec<hn::ScalableTag<std::uint32_t>> value) {
    return hn::Mul(value, value);
}
HWY_INLINE hn::Vec<hn::ScalableTag<std::uint64_t>> square(
    hn::ScalableTag<std::uint64_t>, hn::Vec<hn::ScalableTag<std::uint64_t>> value) {
    const auto halves = hn::BitCast(hn::ScalableTag<std::uint32_t>(), value);
    return hn::MulEven(halves, halves);
}

/// The key with its distance squared.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V squared_key(D d, V key) {
    using Layout = KeyLayout<hn::TFromD<D>>;
    const V distance = hn::ShiftRight<Layout::id_bits>(key);
    const V squared = hn::Or(hn::ShiftLeft<Layout::id_bits>(square(d, distance)),
                             hn::And(key, hn::Set(d, Layout::id_mask)));
    const V empty = hn::Set(d, Layout::empty);
    return hn::IfThenElse(hn::Lt(key, empty), squared, empty);
}
