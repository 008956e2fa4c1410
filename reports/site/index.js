// Sorts and searches the rows that stand in the page. Only the rows that are
// shown are moved, so that a key press costs the same with five thousand.
(() => {
  const table = document.getElementById('table');
  if (!table) return;
  const body = table.tBodies[0], step = 100;
  const search = document.getElementById('search'), grade = document.getElementById('grade');
  const count = document.getElementById('count'), more = document.getElementById('more');
  const rows = Array.from(body.rows, (tr) => ({ tr, words: '', grade: '', keys: [] }));
  let order = rows, limit = step, onShow = rows.slice(0, step), read = false;

  // The words are read when they are first asked for.
  const prepare = () => {
    if (read) return;
    read = true;
    for (const r of rows) {
      const cells = r.tr.cells;
      r.grade = cells[6].textContent;
      r.words = [cells[0], cells[1], cells[2], cells[6]].map((c) => c.textContent).join(' ').toLowerCase();
    }
  };
  const draw = () => {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean), want = grade.value;
    if (asked.length || want) prepare();
    const found = order.filter((r) => (!want || r.grade === want) && asked.every((w) => r.words.includes(w)));
    for (const r of onShow) r.tr.hidden = true;
    onShow = found.slice(0, limit);
    for (const r of onShow) r.tr.hidden = false;
    body.prepend(...onShow.map((r) => r.tr));
    more.hidden = found.length <= limit;
    count.textContent = `${found.length} ${count.dataset.of} ${rows.length} ${count.dataset.sites}` + (more.hidden ? '' : `, ${limit} ${count.dataset.shown}`);
  };
  const titles = Array.from(table.tHead.rows[0].cells);
  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare;
  titles.forEach((th, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = th.textContent;
    th.replaceChildren(button);
    button.addEventListener('click', () => {
      const first = [3, 4].includes(column) ? 'descending' : 'ascending';
      const way = !th.hasAttribute('aria-sort') ? first : th.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
      for (const other of titles) other.removeAttribute('aria-sort');
      th.setAttribute('aria-sort', way);
      const sign = way === 'ascending' ? 1 : -1;
      for (const r of rows) r.keys[column] ??= r.tr.cells[column].dataset.v ?? r.tr.cells[column].textContent;
      const figures = [0, 3, 5].includes(column);
      order = rows.toSorted((a, b) => sign * (figures ? a.keys[column] - b.keys[column] : compare(a.keys[column], b.keys[column])));
      limit = step;
      draw();
    });
  });
  const anew = () => { limit = step; draw(); };
  search.addEventListener('input', anew);
  grade.addEventListener('change', anew);
  more.addEventListener('click', () => { limit += 2 * step; draw(); });
  more.hidden = rows.length <= limit;
  document.documentElement.dataset.ready = 'yes';
})();
