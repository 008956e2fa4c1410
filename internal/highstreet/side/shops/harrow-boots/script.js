'use strict';
const json = async (path, body) => {
  const answer = await fetch(path, {method: body ? 'POST' : 'GET', headers: {Accept: 'application/json'}, body});
  return answer.json();
};
const make = (tag, props = {}, ...children) => { const e = Object.assign(document.createElement(tag), props); e.append(...children); return e; };

// Where one is, asked once.
const geo = document.querySelector('.geo');
if (geo) {
  const place = () => document.cookie.split('; ').find(c => c.startsWith('harrow_country='));
  geo.hidden = Boolean(place());
  const shut = () => { document.cookie = `harrow_country=${document.getElementById('geo-country').value}; path=/; max-age=86400; samesite=lax`; geo.hidden = true; };
  geo.querySelectorAll('button').forEach(b => b.addEventListener('click', shut));
}

// The small cart is drawn when its data is there.
const box = document.querySelector('.block-minicart');
const draw = cart => {
  const counter = document.querySelector('.minicart-wrapper .counter');
  counter.hidden = cart.item_count === 0;
  counter.firstElementChild.textContent = cart.item_count;
  box.replaceChildren(...cart.item_count === 0 ? [make('strong', {className: 'subtitle empty', textContent: 'You have no items in your shopping cart.'})] : [
    make('ol', {className: 'minicart-items'}, ...cart.items.map(i => make('li', {className: 'product-item'}, `${i.quantity} × ${i.title} ${i.variant} ${i.price}`))),
    make('p', {}, 'Cart Subtotal: ', make('span', {className: 'price', textContent: cart.subtotal})),
    make('button', {id: 'top-cart-btn-checkout', type: 'button', className: 'action primary checkout', textContent: 'Proceed to Checkout', onclick: () => { location.href = '/checkout/'; }}),
    make('a', {className: 'action viewcart', href: '/checkout/cart/', textContent: 'View and Edit Cart'}),
  ]);
};
if (box) {
  setTimeout(async () => draw(await json('/checkout/cart/')), 150);
  const show = document.querySelector('.showcart');
  show.addEventListener('click', () => { box.hidden = !box.hidden; show.setAttribute('aria-expanded', !box.hidden); });
}
document.querySelectorAll('[data-href]').forEach(b => b.addEventListener('click', () => { location.href = b.dataset.href; }));

const buy = document.getElementById('product_addtocart_form');
if (buy) buy.addEventListener('submit', async event => {
  event.preventDefault();
  const cart = await json(buy.action, new URLSearchParams(new FormData(buy)));
  const place = document.querySelector('.page.messages');
  if (cart.errors) return place.replaceChildren(make('div', {className: 'message error', textContent: Object.values(cart.errors).join(' ')}));
  const name = document.querySelector('.page-title .base').textContent;
  place.replaceChildren(make('div', {className: 'message success'}, `You added ${name} to your `, make('a', {href: '/checkout/cart/', textContent: 'shopping cart'}), '.'));
  draw(cart);
  scrollTo(0, 0);
});

// The checkout: drawn late, one step at a time, each at a fragment of its own.
const checkout = document.getElementById('checkout');
if (checkout) {
  let known;
  const copy = id => document.getElementById(id).content.cloneNode(true);
  const paint = () => {
    const payment = location.hash === '#payment' && known.done > 0;
    const summary = copy('summary');
    for (const part of ['subtotal', 'shipping', 'total']) summary.querySelector(`[data-part=${part}]`).textContent = known[part];
    checkout.replaceChildren(copy(payment ? 'payment-step' : 'shipping-step'), summary);
    if (payment) return;
    const form = document.getElementById('co-shipping-form');
    const fit = () => form.querySelectorAll('[data-when]').forEach(e => {
      const [name, values] = e.dataset.when.split('=');
      e.hidden = !values.split(' ').includes(form.elements[name].value);
    });
    fit();
    form.elements.country_id.addEventListener('change', fit);
    form.addEventListener('submit', async event => {
      event.preventDefault();
      form.querySelectorAll('.field-error').forEach(e => e.remove());
      const said = await json('/rest/default/V1/shipping-information', new URLSearchParams(new FormData(form)));
      if (!said.errors) { known = said; location.hash = '#payment'; return; }
      for (const [name, text] of Object.entries(said.errors)) {
        const error = make('div', {className: 'field-error', textContent: text});
        error.setAttribute('role', 'alert');
        (form.querySelector(`[data-for="${name}"]`) || form).append(error);
      }
    });
  };
  setTimeout(async () => {
    known = await json('/checkout/cart/');
    if (!location.hash) history.replaceState(null, '', '#shipping');
    paint();
  }, 300);
  addEventListener('hashchange', paint);
}

// The clock of a sale: it begins anew whenever the page is opened.
document.querySelectorAll('.sale-clock .clock').forEach(clock => {
  let left = +clock.dataset.left;
  setInterval(() => { left = Math.max(0, left - 1); clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`; }, 1000);
});
