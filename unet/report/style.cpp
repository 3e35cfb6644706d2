#include "unet/report/style.h"

namespace unet {

// The colours of curves are those of Okabe and Ito, which colour-blind people tell apart; text on
// the ground has a contrast of 4.5 or more in both schemes. Outlines lie on images, not on the
// page, and keep their colours.
const std::string_view report_style = R"css(
:root {
  --ground: #ffffff; --panel: #f5f6f8; --text: #1b1f24; --quiet: #57606a; --rule: #d5d9df;
  --first: #0067a8; --second: #b8500a; --third: #00785a; --faint: #8fb9d8; --link: #0060a0;
  --error: #b3261e; --warning: #8a5200; --note: #57606a; --track: #e1e5ea;
  --matched: #3b8fc4; --merged: #9a5fd0; --split: #1f9d78; --missed: #d63b3b; --invented: #e08a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15181c; --panel: #1e2328; --text: #e6e9ed; --quiet: #a3acb6; --rule: #39414a;
    --first: #5db3e8; --second: #f09a52; --third: #3fcba0; --faint: #3a6c8c; --link: #7cc0ee;
    --error: #ff8a80; --warning: #f0b45a; --note: #a3acb6; --track: #323941;
    --matched: #58aee0; --merged: #c59af0; --split: #46d0a6; --missed: #ff7070; --invented: #ffb347;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0 auto; max-width: 1120px; padding: 1.6rem 1.2rem 3rem; background: var(--ground);
  color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .2rem; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 0 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
section { margin-top: 2.6rem; padding-top: 1.1rem; border-top: 1px solid var(--rule);
  scroll-margin-top: 3rem; }
p { margin: .4rem 0 .9rem; max-width: 75ch; }
a { color: var(--link); }
small { font-size: .84rem; }
.subject, .quiet, small, figcaption, footer { color: var(--quiet); }
footer { margin-top: 3rem; font-size: .84rem; }
nav { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: .5rem 0; }
header nav { margin-top: 1rem; }
.remark { border-left: 4px solid var(--warning); background: var(--panel); padding: .5rem .8rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .7rem;
  margin: 1.2rem 0; }
.tile { background: var(--panel); border-radius: 8px; padding: .7rem .9rem; }
.tile dt { color: var(--quiet); font-size: .84rem; }
.tile dd { margin: .1rem 0 0; font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr));
  gap: 1rem; margin: .6rem 0 1.2rem; }
.panel { background: var(--panel); border-radius: 8px; padding: .9rem; margin: 0; min-width: 0; }
figcaption { font-size: .88rem; margin-top: .4rem; }
.key { display: inline-flex; align-items: center; gap: .35rem; margin-right: .9rem;
  color: var(--text); }
.key i { width: 18px; height: 3px; border-radius: 2px; }
i.first, .fill.first { background: var(--first); } i.second, .fill.second { background: var(--second); }
i.third, .fill.third { background: var(--third); } i.faint { background: var(--faint); }

table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .38rem .6rem .38rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; font-weight: 400; }
thead th { color: var(--quiet); font-size: .84rem; vertical-align: bottom; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
th small { display: block; font-weight: 400; }
.number { text-align: right; white-space: nowrap; padding-left: .6rem; }
.wide { width: 30%; min-width: 110px; padding-left: .9rem; }
td.bar { width: 15%; min-width: 70px; }
.facts th { width: 11rem; }
.facts td { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll.tall { max-height: 420px; overflow-y: auto; }
.track, .stack { position: relative; display: block; height: 10px; margin-top: .45rem;
  background: var(--track); border-radius: 5px; overflow: hidden; }
.track .fill { display: block; height: 100%; }
.range { position: absolute; top: 0; height: 100%; background: var(--faint); }
.point { position: absolute; top: 0; width: 3px; margin-left: -1.5px; height: 100%;
  background: var(--first); }
.stack { display: flex; height: 18px; margin: .2rem 0 .7rem; gap: 1px; background: var(--ground); }
.fill.matched, .dot.matched { background: var(--matched); }
.fill.merged, .dot.merged { background: var(--merged); }
.fill.split, .dot.split { background: var(--split); }
.fill.missed, .dot.missed { background: var(--missed); }
.fill.invented, .dot.invented { background: var(--invented); }
.dot { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: .45rem; }

.chart { display: block; width: 100%; height: auto; }
.chart text { font-size: 13px; fill: var(--text); }
.chart .tick { fill: var(--quiet); }
.chart .end { text-anchor: end; } .chart .middle { text-anchor: middle; }
.chart .grid { stroke: var(--rule); } .chart .axis { stroke: var(--quiet); }
.chart polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart polyline.first { stroke: var(--first); stroke-width: 2.6; }
.chart polyline.second { stroke: var(--second); stroke-dasharray: 7 4; }
.chart polyline.third { stroke: var(--third); stroke-dasharray: 2 4; }
.chart polyline.faint { stroke: var(--faint); stroke-width: 1.3; }
.chart circle.first { fill: var(--first); }
.chart circle.mark { fill: none; stroke: var(--text); stroke-width: 1.8; }
.chart text.mark { font-weight: 600; paint-order: stroke; stroke: var(--panel); stroke-width: 4px; }
.chart .bar { fill: var(--first); }

.switch { position: absolute; opacity: 0; pointer-events: none; }
.switches { display: flex; flex-wrap: wrap; gap: .5rem; margin: .3rem 0 .7rem; }
.switches label { border: 1px solid var(--quiet); border-radius: 999px; padding: .2rem .8rem;
  cursor: pointer; user-select: none; }
.switches label::before { content: "\25CB\00A0"; }
#show-truth:checked ~ .switches label[for=show-truth],
#show-predicted:checked ~ .switches label[for=show-predicted],
#only-wrong:checked ~ .switches label[for=only-wrong],
#show-wrong:checked ~ .switches label[for=show-wrong],
#larger:checked ~ .switches label[for=larger] {
  background: var(--first); border-color: var(--first); color: var(--ground); }
#show-truth:checked ~ .switches label[for=show-truth]::before,
#show-predicted:checked ~ .switches label[for=show-predicted]::before,
#only-wrong:checked ~ .switches label[for=only-wrong]::before,
#show-wrong:checked ~ .switches label[for=show-wrong]::before,
#larger:checked ~ .switches label[for=larger]::before { content: "\25CF\00A0"; }
#show-truth:focus-visible ~ .switches label[for=show-truth],
#show-predicted:focus-visible ~ .switches label[for=show-predicted],
#only-wrong:focus-visible ~ .switches label[for=only-wrong],
#show-wrong:focus-visible ~ .switches label[for=show-wrong],
#larger:focus-visible ~ .switches label[for=larger] {
  outline: 3px solid var(--second); outline-offset: 2px; }
#show-truth:not(:checked) ~ .gallery .truth,
#show-predicted:not(:checked) ~ .gallery .predicted,
#only-wrong:checked ~ .gallery .matched,
#show-wrong:not(:checked) ~ .gallery .wrong { display: none; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr));
  gap: 1.1rem; align-items: start; }
#larger:checked ~ .gallery { grid-template-columns: 1fr; }
.shown { margin: 0; min-width: 0; }
.shown figcaption { overflow-wrap: anywhere; } .shown b { color: var(--text); }
.stage { position: relative; background: #000; border-radius: 6px; overflow: hidden; }
.stage img, .stage svg { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.stage path, .sample path { fill: none; stroke-width: 1.7; vector-effect: non-scaling-stroke; }
.stage svg { filter: drop-shadow(0 0 1px rgba(0, 0, 0, .85)); }
.sample { width: 26px; height: 16px; background: #23272c; border-radius: 3px; }
path.truth.matched { stroke: #63c4ff; } path.predicted.matched { stroke: #f5e663; }
path.merged { stroke: #d59bff; } path.split { stroke: #3fe0ac; }
path.missed { stroke: #ff5a5a; stroke-width: 2.4; } path.invented { stroke: #ffa333; stroke-width: 2.4; }
path.predicted { stroke-dasharray: 5 3; }
.legend { font-size: .88rem; max-width: none; }
.wrong-swatch { background: #ff4d4d; }
.chip { display: inline-block; border: 1px solid currentColor; border-radius: 999px;
  padding: 0 .55rem; font-size: .8rem; color: var(--quiet); }
.chip.error { color: var(--error); } .chip.warning { color: var(--warning); }
.chip.note { color: var(--note); }

details { border: 1px solid var(--rule); border-radius: 8px; padding: .5rem .8rem; margin: .6rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
details[open] summary { margin-bottom: .5rem; }
li { margin-bottom: .35rem; overflow-wrap: anywhere; }
pre { background: var(--panel); border-radius: 8px; padding: .8rem; overflow-x: auto;
  font: .86rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .92em; }

@media (max-width: 640px) {
  body { padding: 1rem .8rem 2rem; } h1 { font-size: 1.5rem; }
  .chart text { font-size: 17px; }
  .wide { display: none; } .facts th { width: 7.5rem; }
}
@media print {
  :root { --ground: #fff; --panel: #fff; --text: #000; --quiet: #444; --rule: #bbb; --first: #0067a8;
    --second: #b8500a; --third: #00785a; --faint: #8fb9d8; --track: #e1e5ea; --matched: #3b8fc4;
    --merged: #9a5fd0; --split: #1f9d78; --missed: #d63b3b; --invented: #e08a00; --error: #b3261e;
    --warning: #8a5200; --note: #444; }
  body { font-size: 10.5pt; max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, .switches { display: none; }
  figure, .panel, .tile, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .panels { grid-template-columns: 1fr 1fr; } .gallery { grid-template-columns: 1fr 1fr; }
  .scroll.tall { max-height: none; }
}
)css";

}  // namespace unet
