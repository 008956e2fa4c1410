'use strict';
// Components with open shadow roots; a view for each fragment of the address.
const sheet = new CSSStyleSheet();
fetch('/style.css').then(r => r.text()).then(css => sheet.replaceSync(css));
const ask = async (path, body) => (await fetch(path, {method: body ? 'POST' : 'GET', headers: {Accept: 'application/json'}, body})).json();
const el = (tag, props = {}, ...children) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) k in e ? e[k] = v : e.setAttribute(k, v);
  e.append(...children);
  return e;
};
const icon = (path, title) => {
  const t = document.createElement('template');
  t.innerHTML = `<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.6">${title ? `<title>${title}</title>` : ''}<path d="${path}"/></svg>`;
  return t.content.firstChild;
};
class Part extends HTMLElement {
  constructor() { super(); this.attachShadow({mode: 'open'}).adoptedStyleSheets = [sheet]; }
  set(...children) { this.shadowRoot.replaceChildren(...children); }
}

customElements.define('sonder-header', class extends Part {
  connectedCallback() {
    const box = el('form', {className: 'find', role: 'search', hidden: true, onsubmit: e => { e.preventDefault(); location.hash = '#/search/' + encodeURIComponent(box.q.value); }},
      el('input', {name: 'q', type: 'search', 'aria-label': 'What are you looking for?'}), el('button', {'aria-label': 'Go'}, '→'));
    this.count = el('i', {className: 'count'});
    this.set(el('header', {}, el('a', {href: '#/', className: 'logo', 'aria-label': 'Sonder'}, icon('M12 2a10 10 0 1 0 .1 0M12 7a5 5 0 1 0 .1 0')),
      el('nav', {'aria-label': 'Goods'}, el('a', {href: '#/c/headphones', title: 'Headphones'}, icon('M4 16v-3a8 8 0 0 1 16 0v3M4 15h3v6H4zM17 15h3v6h-3z')), el('a', {href: '#/c/speakers', title: 'Speakers'}, icon('M6 2h12v20H6zM12 12a3.5 3.5 0 1 0 .1 0M12 5a1.5 1.5 0 1 0 .1 0'))),
      el('div', {className: 'icons'}, el('button', {'aria-label': 'Search', type: 'button', onclick: () => { box.hidden = !box.hidden; box.q.focus(); }}, icon('M10 3a7 7 0 1 0 .1 0M15 15l6 6')),
        el('a', {href: '#/account', title: 'Account'}, icon('M12 3a4.5 4.5 0 1 0 .1 0M3 22c0-11 18-11 18 0')),
        el('a', {href: '#/cart'}, icon('M4 8h16l-1.5 14h-13zM8 8c0-7 8-7 8 0', 'Cart'), this.count))), box);
    addEventListener('bag', event => { this.count.textContent = event.detail.item_count || ''; });
  }
});

customElements.define('sonder-swatches', class extends Part {
  show(choice) {
    this.value = '';
    this.set(el('div', {role: 'radiogroup', 'aria-label': choice.Label}, el('p', {}, choice.Label), ...choice.Values.map(v => el('div', {
      className: 'swatch', role: 'radio', tabIndex: 0, 'aria-checked': 'false',
      onclick: e => { this.value = v.ID; this.shadowRoot.querySelectorAll('.swatch').forEach(s => s.setAttribute('aria-checked', s === e.currentTarget)); },
      onkeydown: e => { if (e.key === ' ' || e.key === 'Enter') e.currentTarget.click(); },
    }, v.Label))));
    return this;
  }
});

customElements.define('sonder-footer', class extends Part {
  connectedCallback() {
    this.set(el('footer', {}, ...[['help', 'Help'], ['delivery', 'Delivery'], ['returns', 'Returns'], ['privacy', 'Privacy'], ['contact', 'Contact']].map(([to, word]) => el('a', {href: '#/' + to}, word)),
      el('form', {onsubmit: async e => { e.preventDefault(); const said = await ask('/api/letter', new URLSearchParams(new FormData(e.target))); if (said.errors) e.target.email.setCustomValidity(said.errors.email); else location.hash = said.next; }}, el('input', {name: 'email', type: 'email', required: true, 'aria-label': 'Your email for our letter', placeholder: 'Your email'}), el('button', {}, 'Subscribe'))));
  }
});

customElements.define('sonder-chat', class extends Part {
  connectedCallback() {
    const panel = el('div', {className: 'chat', role: 'dialog', 'aria-label': 'Chat', hidden: true}, el('p', {}, 'Hello. A listener is here and answers in a minute.'), el('label', {}, el('span', {}, 'Your message'), el('textarea', {rows: 3})), el('button', {type: 'button'}, 'Send'));
    this.set(panel, el('button', {className: 'bubble', 'aria-label': 'Chat with us', type: 'button', onclick: () => { panel.hidden = !panel.hidden; }}, icon('M3 4h18v13H10l-5 4v-4H3z')));
  }
});

const picture = id => el('img', {src: `/media/${id}.svg`, alt: '', width: 320, height: 320});
const cards = goods => el('div', {className: 'cards'}, ...goods.map(g => el('a', {className: 'card', href: '#/p/' + g.id}, picture(g.id), el('h3', {}, g.name), el('p', {}, g.price), ...g.out ? [el('p', {className: 'gone'}, 'Sold out')] : [])));
let goods;
const all = () => goods ??= ask('/api/catalogue');
const tell = cart => dispatchEvent(new CustomEvent('bag', {detail: cart}));
// fill copies a blank view and sends its form without leaving.
const fill = name => {
  const blank = document.querySelector(`template[data-view="${name}"]`);
  if (!blank) return null;
  const piece = blank.content.cloneNode(true);
  piece.querySelectorAll('form[data-post]').forEach(form => form.addEventListener('submit', async event => {
    event.preventDefault();
    form.querySelectorAll('.wrong').forEach(e => e.remove());
    const said = await ask(form.dataset.post, new URLSearchParams(new FormData(form)));
    if (!said.errors) { if (location.hash === form.dataset.then) dispatchEvent(new Event('hashchange')); location.hash = form.dataset.then; return; }
    for (const [field, text] of Object.entries(said.errors)) (form.querySelector(`[data-for="${field}"]`) || form).append(el('p', {className: 'wrong', role: 'alert'}, text));
  }));
  return piece;
};

const views = {
  async ''() { return [el('section', {className: 'hero'}, el('h1', {}, 'Hear the room, not the box.')), cards((await all()).filter(g => g.featured))]; },
  async c(id) { return [el('h1', {}, id === 'speakers' ? 'Speakers' : 'Headphones'), cards((await all()).filter(g => g.shelf === id))]; },
  async search(q) {
    const hits = await ask('/api/goods?q=' + encodeURIComponent(q)), known = await all();
    return [el('h1', {}, `${hits.length} found for “${q}”`), cards(hits.map(h => known.find(g => g.id === h.id)))];
  },
  async p(id) {
    const g = (await all()).find(g => g.id === id);
    if (!g) return [el('h1', {}, 'Nothing here')];
    const said = el('p', {className: 'wrong', role: 'alert'}), swatches = g.options.map(o => document.createElement('sonder-swatches').show(o));
    const add = el('button', {className: 'buy', type: 'button', disabled: g.out, onclick: async () => {
      const body = new URLSearchParams({id, quantity: 1});
      g.options.forEach((o, i) => body.set(o.Field, swatches[i].value));
      const cart = await ask('/api/cart/add', body);
      said.textContent = cart.errors ? Object.values(cart.errors).join(' ') : 'It is in your bag.';
      if (!cart.errors) tell(cart);
    }}, g.out ? 'Sold out' : 'Add to bag');
    return [el('div', {className: 'two'}, picture(id), el('div', {}, el('h1', {}, g.name), el('p', {className: 'price'}, g.price), el('p', {}, `${g.short}. ${g.about}`), el('p', {}, g.out ? 'Out of stock' : g.few ? 'Only two left' : 'In stock'), ...swatches, add, said))];
  },
  async cart() {
    const cart = await ask('/api/cart');
    tell(cart);
    if (!cart.item_count) return [el('h1', {}, 'Your bag'), el('p', {}, 'Nothing in it yet.')];
    const set = (key, quantity) => async () => { await ask('/api/cart/change', new URLSearchParams({key, quantity})); draw(); };
    return [el('h1', {}, 'Your bag'), ...cart.items.map(i => el('div', {className: 'row'}, el('a', {href: '#/p/' + i.product_id}, i.title), el('span', {}, i.variant), el('button', {'aria-label': `One ${i.title} less`, onclick: set(i.key, i.quantity - 1)}, '−'), el('span', {}, String(i.quantity)), el('button', {'aria-label': `One ${i.title} more`, onclick: set(i.key, i.quantity + 1)}, '+'), el('b', {}, i.price), el('button', {'aria-label': `Remove ${i.title}`, onclick: set(i.key, 0)}, '×'))),
      el('p', {}, `Delivery ${cart.shipping}. Total `, el('b', {}, cart.total)), el('a', {className: 'buy', href: '#/checkout'}, 'Check out')];
  },
  async checkout(step) {
    const cart = await ask('/api/cart');
    if (!cart.item_count) { location.hash = '#/cart'; return []; }
    if (step && !cart.done) { location.hash = '#/checkout'; return []; }
    const piece = fill(step ? 'checkout/payment' : 'checkout');
    const total = piece.querySelector('[data-part=total]');
    if (total) total.textContent = `${cart.item_count} things, delivery ${cart.shipping}, total ${cart.total}`;
    return [piece];
  },
  async account() {
    const answer = await fetch('/api/account?fragment=account');
    if (answer.redirected) return [fill('sign-in')];
    const piece = document.createRange().createContextualFragment(await answer.text());
    for (const b of piece.querySelectorAll('[data-cancel]')) b.onclick = () => {
      const yes = el('button', {type: 'button', onclick: async () => { await ask(`/api/orders/${b.dataset.cancel}/cancel`, new URLSearchParams()); box.close(); draw(); }}, 'Yes, cancel it');
      const box = el('dialog', {}, el('p', {}, `Cancel ${b.dataset.cancel}? We will stop working on it.`), el('button', {type: 'button', onclick: () => box.remove()}, 'Keep it'), yes);
      b.after(box);
      box.showModal();
    };
    return [piece];
  },
};

let draw;
customElements.define('sonder-app', class extends Part {
  connectedCallback() {
    const main = el('main', {id: 'main'});
    this.set(el('sonder-header'), main, el('sonder-footer'), el('sonder-chat'));
    let turn = 0;
    draw = async () => {
      const mine = ++turn, [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
      const view = views[name] ? await views[name](decodeURIComponent(rest.join('/'))) : [fill([name, ...rest].join('/')) || el('h1', {}, 'Nothing here')];
      if (mine !== turn) return;
      main.replaceChildren(...view);
      scrollTo(0, 0);
    };
    addEventListener('hashchange', draw);
    draw();
    ask('/api/cart').then(tell);
  }
});
