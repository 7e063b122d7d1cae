//! Expressions of PromQL: which metrics they name, and against what number they hold them.

use std::collections::BTreeSet;

/// What an expression says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expression {
    /// The metrics that it names.
    pub metrics: BTreeSet<String>,
    /// The number on the right of the comparison at its top, as it is written.
    pub threshold: Option<String>,
}

/// Bytes of the longest expression that is read. The longest of kube-prometheus has 1,300.
const LONGEST: usize = 8_192;

/// Operators and parentheses of an expression that is read: the parser's tree nests by them, and a tree of 20,000 overflows
/// the stack when it is taken down. The most that kube-prometheus has is 60.
const MOST_OPERATORS: usize = 1_000;

/// Reads an expression.
///
/// # Errors
/// What is wrong with it, one sentence without a full stop.
pub fn read(text: &str) -> Result<Expression, String> {
    if text.len() > LONGEST || operators(text) > MOST_OPERATORS {
        return Err(format!(
            "gave up here: the expression has more than {LONGEST} bytes or {MOST_OPERATORS} operators"
        ));
    }
    parsed(text)
}

fn operators(text: &str) -> usize {
    let signs = text.bytes().filter(|byte| b"(-+*/%^<>=!".contains(byte)).count();
    let words =
        text.split_whitespace().filter(|word| ["and", "or", "unless", "atan2"].contains(word)).count();
    signs + words
}

#[cfg(feature = "alerts")]
fn parsed(text: &str) -> Result<Expression, String> {
    use promql_parser::parser::{Expr, parse};
    use promql_parser::util::{ExprVisitor, walk_expr};

    struct Metrics(BTreeSet<String>);

    impl ExprVisitor for Metrics {
        type Error = std::convert::Infallible;

        fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Self::Error> {
            let selector = match expr {
                Expr::VectorSelector(selector) => Some(selector),
                Expr::MatrixSelector(matrix) => Some(&matrix.vs),
                _ => None,
            };
            if let Some(selector) = selector {
                let by_label = selector.matchers.matchers.iter().find(|one| {
                    one.name == "__name__" && matches!(one.op, promql_parser::label::MatchOp::Equal)
                });
                self.0.extend(selector.name.clone().or_else(|| by_label.map(|one| one.value.clone())));
            }
            Ok(true)
        }
    }

    let tree = parse(text).map_err(|error| format!("this is no PromQL: {error}"))?;
    let mut metrics = Metrics(BTreeSet::new());
    let _ = walk_expr(&mut metrics, &tree);
    let threshold = match &tree {
        Expr::Binary(binary) if binary.op.is_comparison_operator() => number(&binary.rhs),
        _ => None,
    };
    let threshold = threshold.map(|number| written(text, number));
    Ok(Expression { metrics: metrics.0, threshold })
}

#[cfg(feature = "alerts")]
fn number(tree: &promql_parser::parser::Expr) -> Option<f64> {
    use promql_parser::parser::Expr;
    match tree {
        Expr::NumberLiteral(literal) => Some(literal.val),
        Expr::Paren(paren) => number(&paren.expr),
        Expr::Unary(unary) => number(&unary.expr).map(|number| -number),
        _ => None,
    }
}

/// The number as the expression ends in it, where it does.
#[cfg(feature = "alerts")]
fn written(text: &str, number: f64) -> String {
    let end = text.trim_end().trim_end_matches(')').trim_end();
    let start = end.rfind(['<', '>', '=', ' ', '(', '\n']).map_or(0, |at| at + 1);
    let last = end.get(start..).unwrap_or("");
    // What is written must be that number, to the bit; `0x1F` and `1h` are written otherwise than they are read.
    if last.parse::<f64>().is_ok_and(|read| read.to_bits() == number.to_bits()) {
        return last.to_owned();
    }
    number.to_string()
}

/// Without the feature nothing is known of an expression, and nothing is said of it.
#[cfg(not(feature = "alerts"))]
fn parsed(_: &str) -> Result<Expression, String> {
    Ok(Expression::default())
}

#[cfg(all(test, feature = "alerts"))]
mod tests {

    #[test]
    fn metrics_and_thresholds_are_read() {
        let read = |text: &str| {
            let read = super::read(text).unwrap();
            (read.metrics.into_iter().collect::<Vec<_>>().join(" "), read.threshold.unwrap_or_default())
        };
        let cases = [
            ("up == 0", "up", "0"),
            ("sum(rate(a_total{x=\"1\"}[5m])) / sum(rate(b_total[5m])) > 0.01", "a_total b_total", "0.01"),
            ("(histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m]))) >= (1e3))", "a_bucket", ""),
            ("a > b", "a b", ""),
            ("{__name__=\"a\"} < -5", "a", "-5"),
            ("a > 0.5 and b < 2", "a b", ""),
            ("max_over_time(a[1h:5m]) > 10", "a", "10"),
            ("a >= 1e3", "a", "1e3"),
        ];
        for (text, metrics, threshold) in cases {
            assert_eq!(read(text), (metrics.to_owned(), threshold.to_owned()), "{text}");
        }
    }

    #[test]
    fn hostile_expressions_end() {
        for text in
            ["(".repeat(8_000), "-".repeat(8_000), "sum(".repeat(900), "1+".repeat(3_000), "{".repeat(8_000)]
        {
            assert!(super::read(&text).is_err());
        }
        for text in ["1+".repeat(990) + "1", "(".repeat(990) + "up" + &")".repeat(990), "-".repeat(990) + "1"]
        {
            assert!(super::read(&text).is_ok());
        }
    }
}
