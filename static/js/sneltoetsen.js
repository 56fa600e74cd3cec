// Single keys as commands in the admin area. Which keys lead where stands in the dialog that `?`
// opens; who switched them off gets neither the dialog nor this script.

const PATIENCE = 1500;
const FIELDS = 'input, textarea, select, [contenteditable]';

const list = document.getElementById('sneltoetsen');
const find = (keys) => document.querySelector(`main [data-toets="${keys}"]`) ?? list.querySelector(`[data-toets="${keys}"]`);
let before = '';
let timer;

addEventListener('keydown', (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (list.open || target.closest?.(FIELDS) || !/^[a-z/?]$/.test(key)) return;
  const keys = before ? `${before} ${key}` : key;
  clearTimeout(timer);
  before = '';
  if (key === 'g' && keys === 'g') {
    before = key;
    timer = setTimeout(() => { before = ''; }, PATIENCE);
    return;
  }
  const found = find(keys);
  if (!found) return;
  event.preventDefault();
  if (keys === '?') list.showModal();
  else if (found.matches(FIELDS)) found.select();
  else found.click();
});
