// Where the window shows one of some texts, whatever spaces and dashes part
// their characters. A short one has to stand alone.
((texts, t) => {
'use strict';
const bare = s => s.replace(/[\s\u00a0\u202f.-]/g, '');
const wanted = texts.map(bare).filter(s => s.length > 2), out = [];
const mark = r => {
  if (r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight)
    out.push({X: r.left / innerWidth, Y: r.top / innerWidth, Width: r.width / innerWidth, Height: r.height / innerWidth});
};
const holds = s => { s = bare(s); return wanted.some(w => w.length < 6 ? s === w : s.includes(w)) };
const seek = root => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let n = walker.currentNode; n; n = walker.nextNode()) {
    if (n.nodeType === 1) {
      if (n.shadowRoot) seek(n.shadowRoot);
      if (/^(input|textarea)$/.test(n.localName) && n.type !== 'password' && n.value && holds(n.value)) mark(n.getBoundingClientRect());
      // A number that is parted into several elements.
      else if (n.children.length > 1 && n.childElementCount < 9 && n.textContent.length < 80 && holds(n.textContent)) mark(n.getBoundingClientRect());
    } else if (holds(n.data) && !/^(script|style|noscript|template)$/.test(n.parentElement?.localName || '')) {
      const r = document.createRange();
      r.selectNodeContents(n);
      for (const k of r.getClientRects()) mark(k);
    }
  }
};
if (document.body) seek(document.body);
return out.slice(0, 200);
})
