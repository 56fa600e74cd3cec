// Helps who fills in a form of the admin area: counts words, asks for hints on language, and keeps
// what was typed. Every form works without it.

const WAIT = 2000;

const words = (text) => text.split(/\s+/u).filter(Boolean).length;

for (const area of document.querySelectorAll('textarea[data-woorden]')) {
  const most = Number(area.dataset.woorden);
  const line = document.getElementById(`${area.id}-teller`);
  const list = document.getElementById(`${area.id}-taal`);
  const count = () => {
    const over = words(area.value) - most;
    line.textContent = `${words(area.value)} van ${most} woorden.${over > 0 ? ` Dat zijn er ${over} te veel.` : ''}`;
    line.classList.toggle('beheer-counter--over', over > 0);
  };
  const advise = async () => {
    const text = area.value;
    try {
      const answer = await fetch(list.dataset.vraag, { method: 'POST', body: new URLSearchParams({ tekst: text }), redirect: 'error' });
      if (!answer.ok || text !== area.value) return;
      const hints = await answer.json();
      list.replaceChildren(...hints.map((hint) => Object.assign(document.createElement('li'), { textContent: hint })));
      list.hidden = !hints.length;
    } catch {
      // The hints that stand there are of a moment ago; saving goes without.
    }
  };
  let timer;
  area.addEventListener('input', () => {
    count();
    clearTimeout(timer);
    timer = setTimeout(advise, WAIT);
  });
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

// Something that takes a while: its figures follow until it is done.
const busy = document.querySelector('[data-bezig]');
const follow = async () => {
  try {
    const answer = await fetch(location.pathname, { redirect: 'error' });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById(busy.id);
    busy.replaceChildren(...fresh.childNodes);
    if (!('bezig' in fresh.dataset)) return;
  } catch {
    // Without an answer what stands there stays; the next try is soon.
  }
  setTimeout(follow, 1000);
};
if (busy) setTimeout(follow, 1000);
