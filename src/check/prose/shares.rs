//! 占…% and 完成…%: the printed percentage against the two amounts.

use super::Checked;
use super::terms::{ById, in_yuan, interval, not_evaluated, ratio_check, shown, term};
use crate::base::finding::{Code, Finding};
use crate::finding_code;
use crate::model::{CheckResult, Outcome, Statement, StatementKind};

finding_code! {
    /// A share printed in the text (占…%) is not the share that the amounts beside it give.
    /// The denominator is the amount that the clause names, or the whole of the list that the part stands in.
    /// One unit of the last printed digit either way is taken for rounding.
    pub C501, "share-differs-from-amounts", Warning
}

finding_code! {
    /// A rate of completion printed in the text (完成年初预算的…%) is not the ratio of the two amounts before it.
    pub C502, "completion-rate-differs-from-amounts", Warning
}

/// Checks every share and rate of completion.
pub(super) fn check(statements: &[Statement], by_id: &ById, findings: &mut Vec<Finding>) -> Vec<Checked> {
    statements
        .iter()
        .filter_map(|statement| match statement.kind {
            StatementKind::Share => Some(("prose.share", &C501, statement)),
            StatementKind::CompletionRate => Some(("prose.completion_rate", &C502, statement)),
            _ => None,
        })
        .map(|(identity, code, statement)| (share(statement, by_id, identity, code, findings), statement))
        .map(|(result, statement)| Checked {
            result,
            statements: [Some(&statement.id), statement.part.as_ref(), statement.of.as_ref()]
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
        })
        .collect()
}

fn share(statement: &Statement, by_id: &ById, identity: &str, code: &Code, findings: &mut Vec<Finding>) -> CheckResult {
    let amount = |id: &Option<String>| id.as_deref().and_then(|id| by_id.get(id)).copied();
    let left = vec![term(statement, 1)];
    let (Some(part), Some(whole)) = (amount(&statement.part), amount(&statement.of)) else {
        return not_evaluated(identity, left, "the text does not name part and whole");
    };
    let check = ratio_check(statement, (in_yuan(part), interval(part)), (in_yuan(whole), interval(whole)));
    let Some(check) = check else {
        return not_evaluated(identity, left, "the whole is 0");
    };
    if check.outcome == Outcome::Violated {
        findings.push(
            Finding::new(
                code,
                format!("{} of {} is {}, printed is {}", shown(part), shown(whole), check.computed, shown(statement)),
            )
            .at(&statement.place, format!("the amounts give {}", check.computed))
            .with(&part.place, format!("{} {}", part.subject, shown(part)))
            .with(&whole.place, format!("{} {}", whole.subject, shown(whole))),
        );
    }
    CheckResult {
        identity: identity.into(),
        outcome: check.outcome,
        left,
        right: vec![term(part, 1), term(whole, 1)],
        difference: None,
        reason: (check.outcome != Outcome::Exact).then(|| format!("the amounts give {}", check.computed)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{checked, outcomes};
    use super::*;

    #[test]
    fn shares_of_less_than_what_bears_the_name() {
        let text = "2026年支出预算71094.17万元。基本支出预算45980.56万元，占本年支出预算66.33%。项目支出预算23336.75万元，占本年支出预算33.67%。";
        assert_eq!(checked(&[text]).1, [], "what is carried over to the next year is no part of 本年支出");
        assert_eq!(checked(&[&text.replace("33.67", "34.67")]).1.len(), 2);
    }

    #[test]
    fn shares_of_a_list_and_one_that_is_wrong() {
        let (results, findings) =
            checked(&["甲局支出预算200.00万元，其中：基本支出150.00万元，占75%；项目支出50.00万元，占52%。"]);
        assert_eq!(outcomes(&results, "prose.share"), [Outcome::Exact, Outcome::Violated]);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("25.00%"), "{}", findings[0].message);
    }

    #[test]
    fn nothing_is_nothing_of_anything() {
        let (results, _) = checked(&["甲局收入200.00万元，其中：基金收入0万元，占0%；拨款200.00万元，占100%。"]);
        assert_eq!(outcomes(&results, "prose.share"), [Outcome::Exact, Outcome::Exact]);
    }

    #[test]
    fn completion_of_the_amount_before() {
        let (results, findings) = checked(&["年初预算为80.00万元，支出决算为60.00万元，完成年初预算的57%。"]);
        assert_eq!(outcomes(&results, "prose.completion_rate"), [Outcome::Violated]);
        assert_eq!(findings[0].code, "C502");
    }

    #[test]
    fn a_share_of_something_unnamed_is_not_evaluated() {
        let (results, findings) = checked(&["甲项目30.00万元，占乙计划总投资的12%。"]);
        assert_eq!(outcomes(&results, "prose.share"), [Outcome::NotEvaluated]);
        assert!(findings.is_empty());
    }
}
