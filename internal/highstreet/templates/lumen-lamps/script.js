// The shop in one document: each view is drawn here, from JSON, at a path of
// its own in the history.
'use strict';

const main = document.getElementById('main');

const get = async path => (await fetch(path, {headers: {Accept: 'application/json'}})).json();
const send = async (path, body) => (await fetch(path, {method: 'POST', headers: {Accept: 'application/json'}, body})).json();

// el makes an element; text is always text.
const el = (tag, props = {}, ...children) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) k in e ? e[k] = v : e.setAttribute(k, v);
  e.append(...children);
  return e;
};
// picture parses a drawing of the shop's own.
const picture = svg => document.importNode(new DOMParser().parseFromString(svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'), 'image/svg+xml').documentElement, true);
const link = (href, ...children) => el('a', {href}, ...children);
const blank = id => document.getElementById(id).content.cloneNode(true);

const tiles = goods => el('ul', {className: 'tiles'}, ...goods.map(g => el('li', {}, link('/product/' + g.id, picture(g.drawing), el('b', {}, g.name)), el('span', {}, g.short), el('span', {className: 'price'}, 'from ' + g.from))));

const sum = basket => el('aside', {className: 'card'}, el('h2', {}, 'Your order'), el('ul', {}, ...basket.lines.map(l => el('li', {}, `${l.quantity} × ${l.name}, ${l.size} `, el('b', {}, l.cost)))),
  el('p', {}, `Delivery ${basket.delivery}. `, el('strong', {}, `Total ${basket.total}`)));

// form fills a blank form with what is known and sends it without leaving.
const form = (id, known, sent) => {
  const piece = blank(id), f = piece.querySelector('form');
  for (const e of f.elements) {
    if (!known[e.name]) continue;
    if (e.type === 'radio') e.checked = e.value === known[e.name];
    else if (e.options) [...e.options].forEach(o => { o.defaultSelected = o.value === known[e.name] });
    else e.value = known[e.name];
  }
  f.addEventListener('submit', async event => {
    event.preventDefault();
    f.querySelectorAll('.err').forEach(e => e.remove());
    f.querySelectorAll('[aria-invalid]').forEach(e => { e.removeAttribute('aria-invalid'); e.removeAttribute('aria-describedby') });
    const said = await send(f.getAttribute('action'), new URLSearchParams(new FormData(f)));
    if (!said.errors) return sent(said);
    for (const [name, text] of Object.entries(said.errors)) {
      const field = f.elements[name], one = field.length && !field.options ? field[0] : field;
      one.setAttribute('aria-invalid', 'true');
      one.setAttribute('aria-describedby', name + '-wrong');
      one.closest('.field, fieldset').append(el('p', {className: 'err', id: name + '-wrong'}, text));
    }
    f.querySelector('[aria-invalid]').focus();
  });
  return piece;
};

const count = basket => { document.getElementById('count').textContent = basket.count };

const views = {
  async '/'() {
    const goods = await get('/api/goods');
    return ['Lamps for evenings', el('section', {className: 'hero'}, el('div', {}, el('h1', {}, 'Switch the ceiling off.'), el('p', {}, 'Six lamps that make a room smaller, warmer and later.'), link('/product/moss', 'Meet Moss')), picture(goods[0].drawing)), tiles(goods)];
  },
  async '/shop/'(id) {
    const goods = (await get('/api/goods')).filter(g => g.category === id);
    const name = document.querySelector(`nav a[href="/shop/${id}"]`).textContent;
    return [name, el('h1', {}, name), tiles(goods)];
  },
  async '/product/'(id) {
    const g = (await get('/api/goods')).find(g => g.id === id);
    const size = el('select', {id: 'size', name: 'size', required: true}, ...g.sizes.map(z => el('option', {value: z.id}, `${z.name}, ${z.price}`)));
    const f = el('form', {className: 'buy'}, el('div', {className: 'field'}, el('label', {htmlFor: 'size'}, 'Option'), size), el('button', {type: 'submit'}, 'Add to basket'));
    f.addEventListener('submit', async event => {
      event.preventDefault();
      const said = await send('/basket', new URLSearchParams({product: g.id, size: size.value, quantity: 1}));
      count(said.basket);
      go(said.next);
    });
    return [g.name, el('div', {className: 'pair'}, el('div', {className: 'stage'}, picture(g.drawing)), el('div', {}, el('h1', {}, g.name), el('p', {className: 'lead'}, g.about), f, el('p', {}, 'In stock. Delivered free in 4 to 6 days.'), el('ul', {}, ...g.facts.map(x => el('li', {}, x)))))];
  },
  async '/search'() {
    const q = new URLSearchParams(location.search).get('q') || '', goods = await get('/api/goods?q=' + encodeURIComponent(q));
    return ['Search', el('h1', {}, goods.length ? `${goods.length} found for “${q}”` : `Nothing found for “${q}”`), tiles(goods)];
  },
  async '/basket'() {
    const basket = await get('/api/basket');
    if (!basket.count) return ['Basket', el('h1', {}, 'Your basket is dark.'), link('/', 'All lamps')];
    const rows = basket.lines.map(l => {
      const b = el('button', {type: 'button', className: 'quiet'}, 'Remove ' + l.name);
      b.addEventListener('click', async () => { count((await send('/basket/' + l.id, new URLSearchParams({remove: 'yes'}))).basket); draw() });
      return el('li', {}, `${l.quantity} × ${l.name}, ${l.size}`, el('b', {}, l.cost), b);
    });
    return ['Basket', el('h1', {}, 'Basket'), el('ul', {className: 'lines card'}, ...rows), el('p', {}, `Delivery ${basket.delivery}. `, el('strong', {}, `Total ${basket.total}`)), link('/checkout', 'Go to checkout')];
  },
  async '/checkout'() { return step(0, 'Checkout', said => go(said.next)) },
  async '/checkout/delivery'() { return step(1, 'Delivery', said => go(said.next)) },
  async '/checkout/payment'() {
    const basket = await get('/api/basket');
    return ['Payment', el('h1', {}, 'Payment'), el('div', {className: 'pair'}, form('card-form', {}, said => { count(said.basket); go(said.next) }), sum(basket))];
  },
  async '/order/thanks'() {
    const basket = await get('/api/basket');
    return ['Thank you', el('h1', {}, 'Thank you.'), el('p', {className: 'lead'}, `Your order has the number ${basket.order}.`)];
  },
  async '/help'() {
    const q = new URLSearchParams(location.search).get('q') || '', list = await get('/api/questions?q=' + encodeURIComponent(q)) || [];
    const f = el('form', {className: 'seek', role: 'search'}, el('label', {htmlFor: 'q'}, 'Search the answers'), el('input', {id: 'q', name: 'q', type: 'search', value: q}), el('button', {type: 'submit'}, 'Search'));
    f.addEventListener('submit', event => { event.preventDefault(); go('/help?q=' + encodeURIComponent(f.elements.q.value)) });
    return ['Help', el('h1', {}, 'Help'), f, ...list.map(x => el('details', {open: q !== ''}, el('summary', {}, x.asked), el('p', {}, x.answer))), el('p', {}, 'Something else? ', link('/contact', 'Write to us'), '.')];
  },
  async '/contact'() {
    return ['Contact', el('h1', {}, 'Contact'), el('p', {className: 'lead'}, 'Write to ', link('mailto:hello@lumen-lamps.example', 'hello@lumen-lamps.example'), ' or use the form. We answer within two days. By telephone on Tuesdays: 01632 960 288.'), form('contact-form', {}, said => go(said.next))];
  },
  async '/contact/sent'() { return ['Message sent', el('h1', {}, 'Sent.'), el('p', {className: 'lead'}, 'We answer within two days.')] },
  async '/returns'() { return ['Returns', el('h1', {}, 'Returns'), el('p', {className: 'lead'}, '30 days. Put the lamp into its box; we collect it from your door, free of charge, and refund it when it is here.')] },
  async '/delivery'() { return ['Delivery', el('h1', {}, 'Delivery'), el('p', {className: 'lead'}, '4 to 6 days and free, or tomorrow for £9.')] },
  async '/privacy'() { return ['Privacy', el('h1', {}, 'Privacy'), el('p', {}, 'One cookie remembers your basket. Nobody else learns of it.')] },
};

async function step(n, title, sent) {
  const basket = await get('/api/basket');
  return [title, el('h1', {}, title), el('div', {className: 'pair'}, form('step-' + n, basket.details, sent), sum(basket))];
}

// drawn counts views, so that a slow answer never replaces a later one.
let drawn = 0;
async function draw() {
  const mine = ++drawn, path = location.pathname;
  const key = views[path] ? path : ['/shop/', '/product/'].find(p => path.startsWith(p));
  let view;
  try {
    view = await views[key](path.slice(key.length));
  } catch {
    view = ['Page not found', el('h1', {}, 'Nothing here.'), link('/', 'All lamps')];
  }
  if (mine !== drawn) return;
  const [title, ...parts] = view;
  document.title = title + ' · Lumen Lamps';
  main.replaceChildren(...parts);
}
function go(path) {
  history.pushState(null, '', path);
  scrollTo(0, 0);
  draw();
}

addEventListener('click', event => {
  const a = event.target.closest('a[href^="/"]');
  if (!a || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(a.getAttribute('href'));
});
document.getElementById('finder').addEventListener('submit', event => {
  event.preventDefault();
  go('/search?q=' + encodeURIComponent(event.target.elements.q.value));
});
addEventListener('popstate', draw);
draw();
