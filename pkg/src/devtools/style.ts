/** The style of the devtools, within their shadow tree. */
export const STYLE = `
:host { all: initial; }
* { box-sizing: border-box; font: 12px/1.4 system-ui, sans-serif; }
[hidden] { display: none !important; }
.box, .tip { position: fixed; left: 0; top: 0; margin: 0; padding: 0; z-index: 2147483646; }
.box { background: none; border: 0; outline: 2px solid #1a7f37; outline-offset: 1px; pointer-events: none; }
.box.denied { outline-color: #b35900; }
.box.none { outline-color: #6e7781; }
.box.hidden { outline-style: dashed; background: #fff; color: #1f2328; padding: 0 4px; pointer-events: auto; font-size: 10px; }
.box:focus-visible { outline-width: 4px; }
.tip { width: 336px; padding: 6px 8px; background: #1f2328; color: #fff; border-radius: 4px; pointer-events: none; }
.tip b { font-weight: 600; overflow-wrap: anywhere; }
.tip p { margin: 2px 0 0; }
.panel { position: fixed; right: 8px; bottom: 8px; z-index: 2147483647; max-width: 420px; max-height: 70vh; overflow: auto;
  background: #fff; color: #1f2328; border: 1px solid #8c959f; border-radius: 6px; padding: 4px 8px; }
.panel > summary { font-weight: 600; cursor: pointer; }
.panel label, .panel textarea { display: block; margin: 4px 0; width: 100%; }
.panel textarea { font-family: ui-monospace, monospace; }
.panel h2 { font-weight: 600; margin: 8px 0 4px; }
.panel ol, .panel ul { margin: 0; padding-left: 16px; }
.panel ol { list-style: none; padding: 0; }
.panel li { overflow-wrap: anywhere; }
.changed { font-weight: 600; }
.wrong { color: #a40e26; margin: 0; }
`;
