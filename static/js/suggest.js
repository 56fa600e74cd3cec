// Suggestions under a search field: an editable combobox after WAI-ARIA 1.2, list only.
// The form works without it; when an answer fails or takes too long, nothing happens.
const DEBOUNCE = 80, SILENCE = 400, PATIENCE = 2000, REST = 5000; // ms
const answers = new Map();
let restUntil = 0;

const tidy = text => text.trim().replace(/\s+/g, ' ').toLowerCase();
// One letter in, one letter out: `mark` counts on it.
const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const set = (node, attributes) => Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

async function find(address, signal) {
  if (answers.has(address)) return answers.get(address);
  const response = await fetch(address, { signal, headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(response.status);
  const { suggestions } = await response.json();
  if (answers.size > 99) answers.clear();
  answers.set(address, suggestions);
  return suggestions;
}

// The label with the typed beginnings of its words in bold.
function mark(label, query) {
  const typed = fold(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const marked = make('span', { className: 'wijzer-suggest__label' });
  for (const part of label.normalize().split(/([\p{L}\p{N}]+)/u)) {
    const same = Math.max(0, ...typed.filter(word => fold(part).startsWith(word)).map(word => word.length));
    if (same) marked.append(make('b', { textContent: part.slice(0, same) }));
    marked.append(part.slice(same));
  }
  return marked;
}

document.querySelectorAll('form[role=search]').forEach((form, number) => {
  const input = form.elements.q;
  if (!input) return;
  const list = make('div', { className: 'wijzer-suggest', id: `suggesties-${number}`, hidden: true });
  const status = make('p', { className: 'wijzer-sr-only' });
  let options = [], active = -1, said, debounce, silence, request;

  const halt = () => {
    clearTimeout(debounce);
    request?.abort();
    request = undefined;
  };

  // -1 is the field itself.
  const activate = index => {
    options[active]?.setAttribute('aria-selected', false);
    active = index;
    const option = options[index];
    if (!option) return input.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', true);
    input.setAttribute('aria-activedescendant', option.id);
  };

  const show = (suggestions, query) => {
    activate(-1);
    options = suggestions.map(({ label, kind, href }, index) => {
      // A real link: it opens in a new tab as any other.
      const option = make('a', { className: 'wijzer-suggest__option', id: `${list.id}-${index}`, href, tabIndex: -1 });
      set(option, { role: 'option', 'aria-selected': false });
      // The space parts the two when they are read out.
      option.append(mark(label, query), ' ', make('span', { className: 'wijzer-suggest__kind', textContent: kind }));
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute('aria-expanded', !list.hidden);
  };

  const announce = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      const count = options.length;
      if (count !== said) status.textContent = count ? `${count} suggestie${count > 1 ? 's' : ''}` : 'Geen suggesties';
      said = count;
    }, SILENCE);
  };

  const close = () => {
    halt();
    clearTimeout(silence);
    status.textContent = '';
    said = undefined;
    show([]);
  };

  const ask = async () => {
    halt();
    const query = tidy(input.value);
    if (query.length < 2 || Date.now() < restUntil) return close();
    const mine = request = new AbortController();
    const slow = setTimeout(() => mine.abort(), PATIENCE);
    try {
      const found = await find(`${form.action}/suggesties?q=${encodeURIComponent(query)}`, mine.signal);
      if (mine !== request || document.activeElement !== input) return;
      // A phone has its keyboard over half of the screen.
      show(found.slice(0, matchMedia('(max-width: 30em)').matches ? 6 : 8), query);
      announce();
    } catch {
      if (mine !== request) return; // a newer question, or none, took its place
      if (!mine.signal.aborted) restUntil = Date.now() + REST;
      close();
    } finally {
      clearTimeout(slow);
    }
  };

  set(list, { role: 'listbox', 'aria-label': 'Suggesties' });
  set(status, { role: 'status' });
  set(input, { role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': false });
  form.append(list, status);

  input.addEventListener('input', () => {
    activate(-1);
    halt();
    if (tidy(input.value).length < 2) return close();
    debounce = setTimeout(ask, DEBOUNCE);
  });

  input.addEventListener('keydown', event => {
    const { key } = event;
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (list.hidden) {
      if (key === 'ArrowDown') ask();
      if (key === 'Escape') close(); // no list may come after it
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) {
      const stops = options.length + 1; // the field is a stop as well
      halt(); // the list stands still under who walks through it
      activate((active + 1 + step + stops) % stops - 1);
      (options[active] || input).scrollIntoView({ block: 'nearest' });
    } else if (key === 'Enter' && active >= 0) {
      options[active].click();
    } else if (key === 'Escape') {
      close();
    } else {
      // The caret moves: so does what Enter means.
      if (/^(Arrow|Home|End)/.test(key)) activate(-1);
      return;
    }
    event.preventDefault();
  });

  // Pressing on the list leaves the focus in the field, or the list would be gone before the click.
  list.addEventListener('mousedown', event => {
    halt();
    event.preventDefault();
  });
  // A screen reader may put the focus on the link that it is about to follow.
  form.addEventListener('focusout', event => {
    if (!list.contains(event.relatedTarget)) close();
  });
  form.addEventListener('submit', close);
  addEventListener('pagehide', close); // the way back shows the page as it was left
});
