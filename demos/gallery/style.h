// How the gallery looks: one column of text, figures as wide as it, two sets of colours.
#pragma once

namespace ordinal {

inline constexpr const char* gallery_style = R"css(
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --card: #ffffff; --ink: #25272b; --faint: #63676e; --grid: #e7e5df; --link: #1c5d99;
  --pass: #1e7145; --missed: #b3421b; --missed-paper: #fbf0ea;
  --line-0: #0072b2; --line-1: #d55e00; --line-2: #009e73; --line-3: #cc79a7; --line-4: #e69f00; --line-5: #56b4e9;
  --line-6: #333333;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17191d; --card: #1f2227; --ink: #e3e1dc; --faint: #a0a4ab; --grid: #34383f; --link: #8fc1ee;
    --pass: #7fcf9f; --missed: #f0976d; --missed-paper: #33241d;
    --line-0: #4ea3dd; --line-1: #ee8238; --line-2: #2fc39a; --line-6: #c9c9c9;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55; overflow-wrap: break-word;
  font: 17px/1.6 "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, serif;
}
header, nav, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 64px; }
h1, h2, h3 { font-weight: 500; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(30px, 5vw, 44px); letter-spacing: -0.01em; margin: 0 0 16px; }
h2 { font-size: 29px; margin: 0 0 4px; }
h3 { font-size: 19px; margin: 40px 0 8px; }
h4 { font-size: 15px; font-weight: 600; margin: 0 0 8px; }
p { max-width: 68ch; margin: 0 0 14px; }
a { color: var(--link); text-underline-offset: 3px; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible, input:focus-visible + img {
  outline: 3px solid var(--link); outline-offset: 2px;
}
code { font: 0.86em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.small, figcaption, table, nav, .panel, .legend, details, footer { font-family: system-ui, sans-serif; }
.small, figcaption, table, nav, .legend, details, footer { font-size: 14px; line-height: 1.5; }
.faint, footer { color: var(--faint); }
nav ul { list-style: none; margin: 22px 0 0; padding: 0; columns: 3 240px; column-gap: 36px; }
nav li { display: flex; justify-content: space-between; gap: 12px; padding: 5px 0; break-inside: avoid;
  border-bottom: 1px solid var(--grid); }
nav a { text-decoration: none; }
section { margin-top: 72px; padding-top: 28px; border-top: 1px solid var(--grid); }
.links { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 10px 0 0; max-width: none; }
.command { background: var(--card); border: 1px solid var(--grid); border-radius: 6px; padding: 2px 8px; }
figure { margin: 30px 0 0; }
figcaption { margin: 0 0 12px; max-width: 82ch; }
figcaption b { display: block; font: 500 19px/1.35 "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L",
  P052, Georgia, serif; margin-bottom: 2px; }
.card { display: block; position: relative; background: #ffffff; border: 1px solid var(--grid); border-radius: 8px;
  padding: 10px; overflow-x: auto; cursor: zoom-in; }
.card img { display: block; width: auto; max-width: 100%; height: auto; margin: 0 auto; }
.card input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.card input:checked + img { max-width: none; }
.card:has(input:checked) { cursor: zoom-out; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 18px; }
.panel { background: var(--card); border: 1px solid var(--grid); border-radius: 8px; padding: 16px 16px 10px;
  min-width: 0; max-width: 560px; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 12px 0 0; padding: 0; }
.legend li { display: inline-flex; align-items: center; gap: 7px; min-width: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 18px 6px 0; border-bottom: 1px solid var(--grid); vertical-align: top; }
th { font-weight: 600; } thead th { color: var(--faint); font-weight: 500; }
td.number { white-space: nowrap; }
details { margin-top: 12px; } summary { color: var(--link); cursor: pointer; }
.verdict { font-weight: 600; font-size: 12.5px; letter-spacing: 0.05em; white-space: nowrap; }
.pass { color: var(--pass); } .missed { color: var(--missed); }
tr.miss { background: var(--missed-paper); } tr.miss td:first-child { padding-left: 8px; }
.expectations { width: 100%; } .why { display: block; font-weight: 400; max-width: 68ch; margin-top: 3px; }
footer { margin: 80px auto 48px; }
@media (max-width: 640px) {
  body { font-size: 16px; } header { padding-top: 36px; } section { margin-top: 48px; }
  .expectations thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .expectations tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--grid); }
  .expectations td, .expectations th { display: inline; border: 0; padding: 0 6px 0 0; white-space: normal; }
  .expectations tr.miss { padding-left: 10px; } .expectations tr.miss td:first-child { padding-left: 0; }
  .expectations td.number::before { content: attr(data-label) " "; color: var(--faint); }
  .expectations td.first::before { content: "\A" attr(data-label) " "; white-space: pre; }
}
@media print { .card { overflow: visible; } details { display: none; } }
)css";

}    // namespace ordinal
