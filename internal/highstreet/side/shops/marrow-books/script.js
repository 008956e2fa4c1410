'use strict';
// Tabs, as wherever one logs in or registers.
document.querySelectorAll('[role=tab]').forEach(tab => tab.addEventListener('click', () => {
  tab.parentElement.querySelectorAll('[role=tab]').forEach(t => {
    t.setAttribute('aria-selected', t === tab);
    t.classList.toggle('active', t === tab);
    document.getElementById(t.getAttribute('aria-controls')).hidden = t !== tab;
  });
}));
