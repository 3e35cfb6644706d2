"""Says where the time of scripts/test.sh went.

    python3 scripts/test_times.py RESULTS.xml STEP=SECONDS...

RESULTS.xml is what `ctest --output-junit` wrote. Times of folders are sums over their tests, of which several ran at once.
"""
import collections
import sys
import xml.etree.ElementTree

LONGEST = 8


def main():
    steps = [argument.rsplit("=", 1) for argument in sys.argv[2:]]
    tests = [(test.get("name"), float(test.get("time"))) for test in
             xml.etree.ElementTree.parse(sys.argv[1]).getroot().iter("testcase")]
    folders = collections.Counter()
    for name, seconds in tests:
        folders[name.split(":")[0]] += seconds
    print(f"\n{sum(int(seconds) for _, seconds in steps):6} s in all")
    for name, seconds in steps:
        print(f"{int(seconds):6} s  {name}")
    print("of the tests, summed:")
    for name, seconds in folders.most_common():
        print(f"{seconds:6.0f} s  {name}")
    print("the longest:", ", ".join(f"{name} {seconds:.0f} s" for name, seconds in
                                    sorted(tests, key=lambda test: -test[1])[:LONGEST]))


if __name__ == "__main__":
    main()
