//! What must hold on every kind of page, however narrow the window and large the letters.

use crate::browser::Browser;
use crate::kinds::KINDS;
use crate::{in_browser, no_faults};

/// Parts that stick out to the right, the outermost first.
const SIDEWAYS: &str = r"
if (document.documentElement.scrollWidth <= innerWidth) return [];
const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
return [`${document.documentElement.scrollWidth} px wide: ` + out.slice(0, 3).map(e => `${e.localName}.${e.className.baseVal ?? e.className}`).join(', ')];
";

/// WCAG 1.4.12; a constructed sheet, since the policy of the portal forbids written ones.
const TEXT_SPACING: &str = r"
const sheet = new CSSStyleSheet();
sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
document.adoptedStyleSheets = [sheet];
";

/// Text that is cut off sideways in a box that does not show it all.
const CLIPPED: &str = r"
return [...document.querySelectorAll('a, button, summary, h1, h2, h3, label, dt, dd')]
    .filter(e => !e.closest('.wijzer-sr-only, .wijzer-skip, .wijzer-exit__text') && e.getClientRects().length)
    .filter(e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
    .map(e => 'cut off: ' + e.textContent.slice(0, 40));
";

/// WCAG 2.5.8: at least 24 by 24 px, unless in a sentence. A link that covers its row by
/// `::after` is as large as that row.
const SMALL_TARGETS: &str = r"
const covers = e => { const s = getComputedStyle(e, '::after'); return s.content !== 'none' && s.position === 'absolute'; };
return [...document.querySelectorAll('a[href], button, summary, select, input:not([type=hidden])')]
    .filter(e => !e.matches('.wijzer-skip') && !e.closest('p, svg') && !covers(e))
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([, r]) => r.width && r.height && (r.width < 24 || r.height < 24))
    .map(([e, r]) => `small target: ${Math.round(r.width)} x ${Math.round(r.height)} ${e.textContent.trim().slice(0, 40)}`);
";

/// Structure that a machine for accessibility would let pass.
const STRUCTURE: &str = r"
const faults = [];
const count = document.querySelectorAll('h1').length;
if (count !== 1) faults.push(`${count} main headings`);
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
if (twice.length) faults.push(`id used twice: ${twice}`);
if (!document.querySelector('.wijzer-help a[href^=\'tel:\']')) faults.push('nobody to call');
if (document.querySelector('[style], style, script:not([src], [type=\'application/ld+json\'])')) faults.push('inline style or script');
const glued = document.querySelector('[class*=wijzer-][class~=\'\']') || [...document.querySelectorAll('[class]')].find(e => /\wwijzer-/.test(e.className.baseVal ?? e.className));
if (glued) faults.push(`class names run together: ${glued.className}`);
const text = document.body.innerText;
for (const bad of ['undefined', 'NaN', '{{', '{%', ' ,', '()']) if (text.includes(bad)) faults.push(`odd text: ${bad}`);
return faults;
";

#[test]
fn nothing_scrolls_sideways_and_targets_are_large_enough() {
    in_browser(async |browser: Browser| {
        browser.width(320).await;
        let mut faults = Vec::new();
        for kind in &KINDS {
            browser.go(kind.path).await;
            // What unfolds must fit as well.
            browser
                .run("document.querySelectorAll('details').forEach(d => d.open = true)")
                .await;
            for check in [SIDEWAYS, SMALL_TARGETS, STRUCTURE] {
                let found = browser.words(check).await;
                faults.extend(found.iter().map(|fault| format!("{} {fault}", kind.path)));
            }
            browser.run(TEXT_SPACING).await;
            for check in [SIDEWAYS, CLIPPED] {
                let found = browser.words(check).await;
                faults.extend(
                    found
                        .iter()
                        .map(|fault| format!("{} with text spacing: {fault}", kind.path)),
                );
            }
        }
        no_faults(&faults);
    });
}

#[test]
fn nothing_moves_for_who_wants_no_motion() {
    const MOVES: &str = r"
return [...document.querySelectorAll('*')]
    .filter(e => { const s = getComputedStyle(e); return s.transitionDuration.split(', ').some(t => t !== '0s') || s.animationName !== 'none' || s.scrollBehavior === 'smooth'; })
    .map(e => `${e.localName}.${e.className.baseVal ?? e.className}`).slice(0, 5);
";
    in_browser(async |browser: Browser| {
        let calm = [("prefers-reduced-motion", "reduce")];
        browser.media("screen", &calm).await;
        for path in ["/", "/zoeken?q=koffie", "/wijken"] {
            browser.go(path).await;
            assert_eq!(browser.words(MOVES).await, [""; 0], "{path}");
        }
        let lively = [("prefers-reduced-motion", "no-preference")];
        browser.media("screen", &lively).await;
        assert_ne!(
            browser.words(MOVES).await,
            [""; 0],
            "the check would see motion"
        );
    });
}
