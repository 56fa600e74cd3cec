use std::collections::BTreeMap;
use std::sync::Arc;
use wijzer::search::*;
fn main() {
    let l = Arc::new(Lexicon::load(
        std::path::Path::new("/usr/share/hunspell"),
        None,
    ));
    let a = Analyzer::new(l);
    let mut s = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut s).unwrap();
    let mut m: BTreeMap<String, std::collections::BTreeSet<String>> = BTreeMap::new();
    let mut parts = std::collections::BTreeSet::new();
    for w in a.words(&s) {
        m.entry(a.stem(&w.surface))
            .or_default()
            .insert(w.surface.clone());
        let p = a.parts(&w.surface);
        if !p.is_empty() {
            parts.insert(format!("{} = {}", w.surface, p.join(" ")));
        }
    }
    if std::env::args().nth(1).as_deref() == Some("parts") {
        for p in parts {
            println!("{p}")
        }
    } else {
        for (k, v) in m {
            if v.len() > 1 {
                println!("{k}: {}", v.into_iter().collect::<Vec<_>>().join(" "))
            }
        }
    }
}
