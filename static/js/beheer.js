// Helps who fills in a form of the admin area: counts words, points at long sentences, and keeps
// what was typed. Every form works without it.

const LONG = 20;
const WAIT = 2000;

const words = (text) => text.split(/\s+/u).filter(Boolean);

function say(area, most) {
  const count = words(area.value).length;
  const longest = Math.max(0, ...area.value.split(/[.!?]+(?:\s|$)/u).map((part) => words(part).length));
  const parts = [`${count} van ${most} woorden.`];
  if (count > most) parts.push(`Dat zijn er ${count - most} te veel.`);
  if (longest > LONG) parts.push(`Uw langste zin heeft ${longest} woorden. Kunt u hem in tweeën knippen?`);
  return parts.join(' ');
}

for (const area of document.querySelectorAll('textarea[data-woorden]')) {
  const most = Number(area.dataset.woorden);
  const line = document.createElement('p');
  line.className = 'beheer-counter';
  line.id = `${area.id}-teller`;
  area.after(line);
  area.setAttribute('aria-describedby', `${area.getAttribute('aria-describedby') ?? ''} ${line.id}`.trim());
  const tell = () => {
    line.textContent = say(area, most);
    line.classList.toggle('beheer-counter--over', words(area.value).length > most);
  };
  area.addEventListener('input', tell);
  tell();
}

// Where there are more names than the page carries, the server is asked for those that fit.
for (const field of document.querySelectorAll('input[list]')) {
  const list = field.list;
  if (!list?.dataset.vraag) continue;
  let timer;
  let last;
  const ask = async () => {
    last?.abort();
    last = new AbortController();
    try {
      const answer = await fetch(`${list.dataset.vraag}&q=${encodeURIComponent(field.value)}`, { signal: last.signal });
      if (!answer.ok) return;
      const { names } = await answer.json();
      list.replaceChildren(...names.map((name) => new Option('', name)));
    } catch {
      // The names that are there stay.
    }
  };
  field.addEventListener('input', () => {
    clearTimeout(timer);
    if (field.value.trim().length > 1) timer = setTimeout(ask, 150);
  });
}

const form = document.querySelector('form[data-onaf]');
if (form) {
  const state = document.createElement('p');
  state.className = 'beheer-kept';
  state.setAttribute('role', 'status');
  form.querySelector('.beheer-actions--sticky')?.append(state);
  let timer;
  let sent = false;
  const keep = async () => {
    if (sent) return;
    try {
      const answer = await fetch(form.dataset.onaf, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual', keepalive: true });
      const at = new Date().toLocaleTimeString('nl-NL', { hour: 'numeric', minute: '2-digit' });
      state.textContent = answer.status === 204 ? `Wat u typte is om ${at} uur bewaard als kladje.` : 'Wat u typt kan nu niet als kladje worden bewaard.';
    } catch {
      state.textContent = 'Geen verbinding. Wat u typt is nog niet bewaard.';
    }
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  });
  form.addEventListener('submit', () => {
    sent = true;
    clearTimeout(timer);
  });
}

// Shortcuts: never while someone types, and off for who says so (WCAG 2.1.4).
const OFF = 'wijzer-sneltoetsen-uit';
const SOON = 1500;
let went = -Infinity;
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF)) return;
  const follow = (link) => {
    if (!link) return;
    event.preventDefault();
    link.click();
  };
  if (event.timeStamp - went < SOON) {
    went = -Infinity;
    follow(document.querySelector(`a[data-toets="${CSS.escape(event.key)}"]`));
  } else if (event.key === 'g') {
    went = event.timeStamp;
  } else if (event.key === 'n') {
    follow(document.querySelector('a[data-nieuw]'));
  } else if (event.key === '?') {
    follow(document.querySelector('a[data-toets="k"]'));
  } else if (event.key === '/') {
    const field = document.getElementById('q');
    event.preventDefault();
    if (field) field.focus();
    else location.assign('/beheer/alles');
  }
});

const choice = document.getElementById('sneltoetsen');
if (choice) {
  const box = choice.querySelector('input');
  choice.hidden = false;
  box.checked = Boolean(localStorage.getItem(OFF));
  box.addEventListener('change', () => {
    if (box.checked) localStorage.setItem(OFF, 'ja');
    else localStorage.removeItem(OFF);
  });
}
