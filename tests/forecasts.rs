//! Forecasts: the published figures of a competition, reproduced; series that are hostile; intervals that hold what came.

use crate::support::skip;
use oathbook::forecast::{Method, choose, forecast, mase, smape};
use std::path::PathBuf;
use std::time::Instant;

fn corpus() -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let folder = std::env::var_os("OATHBOOK_CORPORA").map_or(here, PathBuf::from).join("m4");
    if !folder.is_dir() {
        skip("corpus-m4", &format!("NO PUBLISHED FIGURE WAS REPRODUCED: {} is not there", folder.display()));
        return None;
    }
    Some(folder)
}

/// The series of a file of the M4 competition: a name, then values.
fn series(path: PathBuf) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(path).unwrap();
    let values =
        |line: &str| line.split(',').skip(1).filter_map(|cell| cell.trim_matches('"').parse().ok()).collect();
    text.lines().skip(1).map(values).collect()
}

/// Frequency, period, horizon, series, and what is published of each method: sMAPE and MASE, from `Evaluation and Ranks.xlsx` of
/// <https://github.com/Mcompetitions/M4-methods>.
type Published = (&'static str, usize, usize, u32, &'static [(Method, f64, f64)]);

const PUBLISHED: [Published; 2] = [
    (
        "Weekly",
        1,
        13,
        359,
        &[
            (Method::Naive, 9.161, 2.777),
            (Method::SeasonalNaive, 9.161, 2.777),
            (Method::Ses, 9.012, 2.685),
            (Method::Theta, 9.093, 2.637),
        ],
    ),
    (
        "Hourly",
        24,
        48,
        414,
        &[
            (Method::Naive, 43.003, 11.608),
            (Method::SeasonalNaive, 13.912, 1.193),
            (Method::Ses, 18.094, 2.385),
            (Method::Theta, 18.138, 2.455),
        ],
    ),
];

#[test]
fn published_figures_of_the_m4_competition_are_reproduced() {
    let Some(folder) = corpus() else { return };
    for (name, period, horizon, count, published) in PUBLISHED {
        let seen = series(folder.join(format!("{name}-train.csv")));
        let came = series(folder.join(format!("{name}-test.csv")));
        assert_eq!((seen.len(), came.len()), (count as usize, count as usize));
        for (method, wanted_smape, wanted_mase) in published {
            let (mut errors, mut scaled) = (0.0, 0.0);
            // An unoptimised build smooths 359 long series in half a minute, and a sample says nothing about a mean.
            for (seen, came) in seen.iter().zip(&came) {
                let ahead = forecast(*method, seen, period, horizon);
                errors += smape(came, &ahead);
                scaled += mase(seen, period, came, &ahead).unwrap();
            }
            let (errors, scaled) = (errors / f64::from(count), scaled / f64::from(count));
            println!(
                "figure: M4 {name}, {}: sMAPE {errors:.3} ({wanted_smape}), MASE {scaled:.3} ({wanted_mase})",
                method.name()
            );
            assert!((errors - wanted_smape).abs() < 0.005, "{name} {method:?}: {errors}");
            assert!((scaled - wanted_mase).abs() < 0.005, "{name} {method:?}: {scaled}");
        }
    }
}

#[test]
fn the_method_that_is_chosen_is_no_worse_than_theta_and_intervals_hold_what_they_say() {
    let Some(folder) = corpus() else { return };
    let full = std::env::var_os("OATHBOOK_FULL").is_some();
    for (name, period, horizon, _, published) in PUBLISHED {
        let seen = series(folder.join(format!("{name}-train.csv")));
        let came = series(folder.join(format!("{name}-test.csv")));
        // Every tenth series always; all of them where there is time.
        let step = if full { 1 } else { 10 };
        let (mut scaled, mut theta, mut series, mut values, mut in_80, mut in_95) =
            (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        let begin = Instant::now();
        for (seen, came) in seen.iter().zip(&came).step_by(step) {
            let chosen = choose(seen, period, horizon).unwrap();
            scaled += mase(seen, period, came, &chosen.ahead).unwrap();
            theta += mase(seen, period, came, &forecast(Method::Theta, seen, period, horizon)).unwrap();
            series += 1.0;
            for ((value, inner), outer) in came.iter().zip(&chosen.in_80).zip(&chosen.in_95) {
                values += 1.0;
                in_80 += f64::from(u8::from((inner.low..=inner.high).contains(value)));
                in_95 += f64::from(u8::from((outer.low..=outer.high).contains(value)));
            }
        }
        println!(
            "figure: M4 {name}, chosen by back-test on {series} series: MASE {:.3} (theta {:.3}); the intervals of 80 and 95 % hold {:.1} and {:.1} %; {:.1} s, unoptimised",
            scaled / series,
            theta / series,
            100.0 * in_80 / values,
            100.0 * in_95 / values,
            begin.elapsed().as_secs_f64()
        );
        assert!(scaled <= 1.01 * theta || !full && scaled <= 1.1 * theta, "{name}: {scaled} {theta}");
        assert!(in_95 / values > 0.90, "{name}: {}", in_95 / values);
        let published = published.iter().find(|one| one.0 == Method::Theta).unwrap();
        assert!(!full || (theta / series - published.2).abs() < 0.005);
    }
}

#[test]
fn hostile_series_give_a_reason_and_no_number_that_is_none() {
    let long: Vec<f64> = (0..10_000).map(|n| f64::from(n % 97) + 1.0).collect();
    let odd: [(&str, Vec<f64>, usize); 9] = [
        ("nothing", vec![], 12),
        ("one", vec![5.0], 1),
        ("two", vec![5.0, 6.0], 1),
        ("constant", vec![7.0; 40], 12),
        ("zeros", vec![0.0; 40], 12),
        ("no number", vec![1.0, 2.0, f64::NAN, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], 1),
        ("no end", vec![1.0, f64::INFINITY, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0], 1),
        ("a period as long as the series", (1..20).map(f64::from).collect(), 19),
        ("a period of nothing", (1..40).map(f64::from).collect(), 0),
    ];
    for (name, values, period) in odd {
        let chosen = choose(&values, period, 12);
        let is_number =
            |chosen: &oathbook::forecast::Chosen| chosen.ahead.iter().all(|value| value.is_finite());
        match name {
            "a period of nothing" => assert!(chosen.is_ok_and(|chosen| is_number(&chosen)), "{name}"),
            _ => assert!(chosen.is_err(), "{name}: {chosen:?}"),
        }
        for method in Method::ALL {
            assert!(forecast(method, &values, period, 5).len() <= 5);
        }
    }
    let zeros_then: Vec<f64> = (0..12).map(|_| 0.0).chain((0..24).map(|n| f64::from(n % 5))).collect();
    let chosen = choose(&zeros_then, 12, 6).unwrap();
    assert!(
        chosen
            .ahead
            .iter()
            .chain(chosen.in_95.iter().flat_map(|one| [&one.low, &one.high]))
            .all(|value| value.is_finite())
    );
    let begin = Instant::now();
    let chosen = choose(&long, 7, 12).unwrap();
    assert_eq!(chosen.ahead.len(), 12);
    println!(
        "figure: a series of 10,000 values is forecast in {:.2} s, unoptimised",
        begin.elapsed().as_secs_f64()
    );
    assert!(begin.elapsed().as_secs() < 20);
}

#[test]
fn a_line_goes_on_and_a_season_comes_again() {
    let line: Vec<f64> = (1..=60).map(|n| 10.0 + 2.0 * f64::from(n)).collect();
    let chosen = choose(&line, 1, 6).unwrap();
    assert!(chosen.method == Method::DampedHolt || chosen.method == Method::Theta, "{:?}", chosen.method);
    assert!(chosen.ahead[5] > line[59] + 6.0, "{:?}", chosen.ahead);
    let season: Vec<f64> = (0..72_u32)
        .map(|n| [100.0, 120.0, 90.0, 150.0, 80.0, 60.0][n as usize % 6] + f64::from(n * 7 % 5))
        .collect();
    let chosen = choose(&season, 6, 6).unwrap();
    for (step, wanted) in [100.0, 120.0, 90.0, 150.0, 80.0, 60.0].into_iter().enumerate() {
        assert!((chosen.ahead[step] - wanted).abs() < 8.0, "{step}: {:?}", chosen.ahead);
    }
}
