'use strict';
const form = document.getElementById('add-to-cart-or-refresh'), modal = document.getElementById('blockcart-modal');
if (form) form.addEventListener('submit', async event => {
  event.preventDefault();
  const answer = await fetch(form.action, {method: 'POST', headers: {Accept: 'application/json'}, body: new URLSearchParams(new FormData(form))});
  const cart = await answer.json();
  if (!answer.ok) return alert(Object.values(cart.errors).join(' '));
  document.querySelector('.cart-products-count').textContent = `(${cart.item_count})`;
  modal.querySelector('.cart-content').textContent = cart.item_count === 1 ? 'Il y a 1 article dans votre panier.' : `Il y a ${cart.item_count} articles dans votre panier.`;
  modal.hidden = false;
});
if (modal) modal.querySelector('button').addEventListener('click', () => { modal.hidden = true; });
