#include "engine/train/report/report_style.hpp"

namespace fusion::train::report {

std::string_view style_sheet() {
    return R"css(
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1d2129; --soft: #5c6370; --rule: #d9dde3; --grid: #e9ecf0;
  --shade: #f5f7f9; --good: #00704f; --bad: #b5470a; --band: #e8dcb6;
  --ink1: #0072b2; --ink2: #d55e00; --ink3: #009e73; --ink4: #a8558a; --ink5: #b8860b;
  --ink6: #3aa0d8; --pale: #9cc8e4; --grey: #8b93a0; --cell: #00568c; --on-cell: #ffffff;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171c; --text: #e4e7ec; --soft: #9aa3b0; --rule: #363c46; --grid: #262b33;
    --shade: #1b1f26; --good: #4cc9a0; --bad: #f59358; --band: #4a4128;
    --ink1: #4aa8e0; --ink2: #f08c45; --ink3: #35c79b; --ink4: #d892bd; --ink5: #d9ac3a;
    --ink6: #8fd0f5; --pale: #2f5d7c; --grey: #7d8694; --cell: #4aa8e0; --on-cell: #0c0f13;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 40px 24px 64px; max-width: 1096px; background: var(--page);
  color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
  "Helvetica Neue", "Liberation Sans", "DejaVu Sans", sans-serif;
}
h1 { margin: 0; font-size: 30px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 56px 0 8px; padding-top: 14px; border-top: 2px solid var(--text); font-size: 21px; }
h3 { margin: 32px 0 8px; font-size: 16px; }
h3.input { margin-top: 40px; padding: 5px 10px; background: var(--shade); border-radius: 4px; }
p { margin: 8px 0; max-width: 760px; }
header p { margin: 6px 0 0; }
p.lede { color: var(--soft); }
p.absent { color: var(--soft); font-style: italic; }
nav { margin: 18px 0 0; font-size: 14px; }
nav a { margin-right: 18px; color: var(--ink1); text-decoration: none; }
nav a:hover { text-decoration: underline; }
code { font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere; }
.scroll { margin: 16px 0; overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
th, td { padding: 4px 9px; white-space: nowrap; text-align: right; vertical-align: baseline; }
th { font-weight: 600; }
tbody th { font-weight: 400; }
thead th { border-bottom: 1px solid var(--rule); color: var(--soft); vertical-align: bottom; }
thead th[colspan] { text-align: center; }
tbody tr { border-bottom: 1px solid var(--grid); }
th[scope=row], th[scope=rowgroup], thead tr:first-child th:first-child { padding-left: 0;
  text-align: left; }
th[scope=rowgroup] { vertical-align: top; padding-top: 4px; }
tbody.mean { border-top: 1px solid var(--soft); }
tbody.mean th, tbody.mean td { font-weight: 600; }
tbody.mean td.of { font-weight: 400; }
td small { color: var(--soft); font-size: 11.5px; font-weight: 400; }
td.first, th.first { padding-left: 24px; }
table.dense th, table.dense td { padding-left: 5px; padding-right: 5px; }
table.dense .first { padding-left: 16px; }
table.dense th[scope=rowgroup], table.dense thead th:first-child:not(.first) { padding-left: 0; }
td.key { font-weight: 600; }
td.low { color: var(--bad); }
td.of { color: var(--soft); text-align: left; font-weight: 400; }
table.facts, table.targets { width: 100%; }
table.facts th, table.facts td, table.targets th, table.targets td { padding-left: 0;
  padding-right: 24px; text-align: left; white-space: normal; }
table.facts th[scope=row] { width: 130px; color: var(--soft); font-weight: 400; }
table.targets th[scope=row] { font-weight: 400; max-width: 380px; }
table.targets tbody tr td { padding-top: 6px; padding-bottom: 6px; }
table.targets td:nth-child(2) { color: var(--soft); white-space: nowrap; }
.verdict b { font-weight: 600; }
.verdict .of { margin-left: 4px; color: var(--text); }
.verdict.reached .sign, .verdict.reached b { color: var(--good); }
.verdict.missed .sign, .verdict.missed b { color: var(--bad); }
.verdict.unknown, .verdict.unknown .of { color: var(--soft); }
figure { margin: 24px 0; }
figcaption { max-width: 760px; margin-top: 6px; color: var(--soft); font-size: 13px; }
.plots { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 18px 16px; }
svg.plot { display: block; max-width: 100%; height: auto; overflow: visible; }
.plot text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.plot text.title { fill: var(--text); font-size: 13px; font-weight: 600; }
.plot text.value, .plot text.note { fill: var(--text); }
.plot text.strong { fill: var(--on-cell); }
.plot text.weak { opacity: 0.6; }
.plot text.halo { paint-order: stroke; stroke: var(--page); stroke-width: 3px;
  stroke-linejoin: round; }
.plot .grid { stroke: var(--grid); }
.plot .base { stroke: var(--soft); }
.plot .mark { stroke: var(--text); stroke-dasharray: 2 3; }
.plot .band { fill: var(--band); fill-opacity: 0.65; }
.plot .empty { fill: var(--shade); }
.plot .cell { fill: var(--cell); }
.plot .curve { fill: none; stroke: var(--ink); stroke-width: 1.8; stroke-linejoin: round; }
.plot .curve.dashed { stroke-width: 1.3; stroke-dasharray: 5 3; }
.plot .bar, .plot .dot { fill: var(--ink); }
.ink1 { --ink: var(--ink1); } .ink2 { --ink: var(--ink2); } .ink3 { --ink: var(--ink3); }
.ink4 { --ink: var(--ink4); } .ink5 { --ink: var(--ink5); } .ink6 { --ink: var(--ink6); }
.pale { --ink: var(--pale); } .grey { --ink: var(--grey); }
@media screen and (max-width: 760px) {
  figure { overflow-x: auto; }
  svg.plot { max-width: none; }
}
@page { margin: 10mm; }
@media print {
  /* The width that everything is drawn for, on a sheet of A4. */
  body { width: 1048px; max-width: none; margin: 0; padding: 0; font-size: 17px; zoom: 0.68; }
  table { font-size: 14px; }
  p, p.lede, figcaption { max-width: 900px; }
  nav { display: none; }
  h2, h3, thead, p { break-after: avoid; }
  figcaption { break-before: avoid; }
  svg.plot, tbody tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)css";
}

}  // namespace fusion::train::report
