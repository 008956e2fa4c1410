'use strict';
const drawer = document.querySelector('cart-drawer');
const show = on => { drawer.classList.toggle('active', on); if (on) drawer.querySelector('.drawer__inner').focus(); };

// refresh draws the drawer again as the server now has it.
const refresh = async () => {
  drawer.querySelector('.drawer__inner').innerHTML = await (await fetch('/cart?fragment=drawer')).text();
  const cart = await (await fetch('/cart.js')).json();
  document.querySelector('.cart-count-bubble').firstElementChild.textContent = cart.item_count;
};

if (drawer) {
  drawer.addEventListener('click', async event => {
    if (event.target.closest('.drawer__close') || event.target.matches('.drawer__overlay')) show(false);
    const remove = event.target.closest('.cart-remove');
    if (!remove) return;
    await fetch('/cart/change.js', {method: 'POST', body: new URLSearchParams({key: remove.dataset.key, quantity: 0})});
    await refresh();
  });
  addEventListener('keydown', event => { if (event.key === 'Escape') show(false); });
  document.getElementById('cart-icon-bubble').addEventListener('click', event => { event.preventDefault(); show(true); });
  document.querySelectorAll('product-form form').forEach(form => form.addEventListener('submit', async event => {
    event.preventDefault();
    const answer = await fetch('/cart/add.js', {method: 'POST', body: new URLSearchParams(new FormData(form))});
    if (answer.ok) { await refresh(); return show(true); }
    const wrong = Object.values((await answer.json()).errors).join(' ');
    form.prepend(Object.assign(document.createElement('p'), {className: 'product-form__error-message', textContent: wrong}));
  }));
  document.querySelectorAll('quantity-input').forEach(q => q.addEventListener('click', event => {
    if (event.target.name) q.querySelector('input')[event.target.name === 'plus' ? 'stepUp' : 'stepDown']();
  }));
}

// The search answers while one types.
const box = document.getElementById('Search-In-Modal');
let asked = 0;
if (box) box.addEventListener('input', async () => {
  const turn = ++asked, list = document.getElementById('predictive-search-results');
  const hits = box.value.trim() ? await (await fetch('/search/suggest.json?q=' + encodeURIComponent(box.value))).json() : [];
  if (turn !== asked) return;
  list.replaceChildren(...hits.map(h => Object.assign(document.createElement('a'), {href: h.url, textContent: h.title, role: 'option'})));
  list.hidden = hits.length === 0;
  box.setAttribute('aria-expanded', hits.length > 0);
});

// The checkout keeps what is typed, and shows the rates once the address holds.
const form = document.querySelector('form[data-save]');
if (form) {
  const fit = () => form.querySelectorAll('[data-when]').forEach(e => {
    const [name, values] = e.dataset.when.split('=');
    e.hidden = !values.split(' ').includes(form.elements[name].value);
  });
  fit();
  form.addEventListener('change', async () => {
    fit();
    const answer = await fetch(form.dataset.save, {method: 'POST', headers: {Accept: 'application/json'}, body: new URLSearchParams(new FormData(form))});
    document.getElementById('rates').hidden = !answer.ok;
    document.getElementById('rates-wait').hidden = answer.ok;
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    document.querySelector('.order-summary').replaceWith(page.querySelector('.order-summary'));
  });
  form.addEventListener('focusout', async event => {
    const holder = event.target.closest('[data-for]');
    if (!holder || event.target.value === '' && !event.relatedTarget) return;
    const answer = await fetch(form.dataset.save, {method: 'POST', headers: {Accept: 'application/json'}, body: new URLSearchParams(new FormData(form))});
    const wrong = answer.ok ? '' : (await answer.json()).errors[holder.dataset.for];
    holder.querySelector('.form__message')?.remove();
    event.target.toggleAttribute('aria-invalid', Boolean(wrong));
    if (wrong) holder.append(Object.assign(document.createElement('span'), {className: 'form__message', textContent: wrong}));
  });
}
