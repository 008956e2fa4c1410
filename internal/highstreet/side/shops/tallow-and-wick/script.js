'use strict';
// The checkout's parts open one after the other; each is sent by itself.
const post = async (path, body) => (await fetch(path, {method: 'POST', headers: {'X-Requested-With': 'XMLHttpRequest'}, body})).json();

const steps = [...document.querySelectorAll('.accordion-step')];
const open = n => steps.forEach((s, i) => {
  const toggle = s.querySelector('.accordion-toggle');
  toggle.setAttribute('aria-expanded', i === n);
  if (i <= n) toggle.disabled = false;
  s.querySelector('form').hidden = i !== n;
});
steps.forEach((s, i) => {
  s.querySelector('.accordion-toggle').addEventListener('click', () => open(i));
  if (i === steps.length - 1) return;
  s.querySelector('form').addEventListener('submit', async event => {
    event.preventDefault();
    const form = event.target;
    form.querySelectorAll('.error').forEach(e => e.remove());
    const said = await post(form.action, new URLSearchParams(new FormData(form)));
    if (!said.errors) {
      const review = await (await fetch('/checkout/')).text();
      document.getElementById('order_review').replaceWith(new DOMParser().parseFromString(review, 'text/html').getElementById('order_review'));
      return open(i + 1);
    }
    for (const [name, text] of Object.entries(said.errors)) {
      const e = Object.assign(document.createElement('span'), {className: 'error', textContent: text});
      e.setAttribute('role', 'alert');
      (form.querySelector(`[data-for="${name}"]`) || form).append(e);
    }
  });
});
const accordion = document.querySelector('.checkout-accordion');
if (accordion) open(Number(accordion.dataset.done));

document.querySelectorAll('.ajax_add_to_cart').forEach(a => a.addEventListener('click', async event => {
  event.preventDefault();
  const cart = await post('/basket/add/', new URLSearchParams({'add-to-cart': a.dataset.product_id, quantity: 1}));
  document.querySelector('.cart-contents .count').textContent = cart.item_count + (cart.item_count === 1 ? ' item' : ' items');
  document.querySelector('.cart-contents .amount').textContent = cart.subtotal;
  if (a.nextElementSibling) return;
  a.after(Object.assign(document.createElement('a'), {href: '/basket/', className: 'added_to_cart wc-forward', textContent: 'View basket'}));
}));

// The clock of an offer runs to the end of its last day.
document.querySelectorAll('.countdown').forEach(box => {
  const end = Date.parse(box.dataset.until) + 864e5;
  const show = () => {
    const left = Math.max(0, Math.floor((end - Date.now()) / 1000));
    box.querySelector('b').textContent = `${Math.floor(left / 86400)} days ${Math.floor(left / 3600) % 24} hours ${Math.floor(left / 60) % 60} min ${left % 60} sec`;
  };
  show();
  setInterval(show, 1000);
});
