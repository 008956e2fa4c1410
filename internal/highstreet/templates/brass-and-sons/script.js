// The parts of the checkout are sent one by one; the next opens in place.
'use strict';

for (const form of document.querySelectorAll('.part-form')) {
  form.addEventListener('submit', async event => {
    event.preventDefault();
    form.querySelectorAll('.err').forEach(e => e.remove());
    form.querySelectorAll('[aria-invalid]').forEach(e => { e.removeAttribute('aria-invalid'); e.removeAttribute('aria-describedby'); });
    const answer = await fetch(form.getAttribute('action'), {method: 'POST', headers: {Accept: 'application/json'}, body: new URLSearchParams(new FormData(form))});
    const said = await answer.json();
    if (said.errors) return mark(form, said.errors);
    document.getElementById('sum-delivery').textContent = said.basket.delivery;
    document.getElementById('sum-total').textContent = said.basket.total;
    const part = form.closest('.part'), next = part.nextElementSibling;
    part.classList.add('sent');
    next.classList.add('open');
    next.querySelector('input').focus();
  });
}

// mark ties each mistake to its field.
function mark(form, errors) {
  for (const [name, text] of Object.entries(errors)) {
    const field = form.elements[name], one = field.length && !field.options ? field[0] : field;
    const p = Object.assign(document.createElement('p'), {className: 'err', id: name + '-wrong', textContent: text});
    one.setAttribute('aria-invalid', 'true');
    one.setAttribute('aria-describedby', p.id);
    one.closest('.field, fieldset').append(p);
  }
  form.querySelector('[aria-invalid]').focus();
}
