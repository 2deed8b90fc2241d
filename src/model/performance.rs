//! Performance-target forms (绩效目标表): one project or body, its funds, goals and indicators.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Evidence, Fragment, Stated};
use crate::base::amount::Unit;
use crate::base::place::{Place, Printed};

/// One form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PerformanceTarget {
    /// `f1`, `f2`, … in document order.
    pub id: String,
    /// Table kind: `performance_target`, `overall_performance_target`, `special_fund_performance_target`.
    pub kind: String,
    pub caption: Option<Printed>,
    pub mark: Option<Printed>,
    /// Lines between caption and grid: `(2026年度)`.
    pub subtitles: Vec<Printed>,
    /// 项目名称.
    pub project: Option<Printed>,
    /// 主管部门及代码, as printed: `007-…`.
    pub supervising_department: Option<Printed>,
    pub supervising_department_code: Option<String>,
    pub supervising_department_name: Option<String>,
    /// 实施单位.
    pub implementing_unit: Option<Printed>,
    /// 项目属性.
    pub attribute: Option<Printed>,
    /// 项目期.
    pub period: Option<Printed>,
    /// Unit of `funds`.
    pub unit: Option<Stated<Unit>>,
    pub funds: Vec<Fund>,
    /// 项目概况.
    pub overview: Option<Printed>,
    /// 立项依据.
    pub basis: Option<Printed>,
    /// 项目设立必要性.
    pub necessity: Option<Printed>,
    /// 保证项目实施的制度、措施.
    pub measures: Option<Printed>,
    /// 项目实施计划.
    pub plan: Option<Printed>,
    pub goals: Vec<Goal>,
    pub indicators: Vec<Indicator>,
    /// 负责人.
    pub responsible_person: Option<Printed>,
    /// 经办人.
    pub handler: Option<Printed>,
    /// 联系电话.
    pub phone: Option<Printed>,
    /// 填报日期, ISO 8601 where it is one.
    pub filled_at: Option<Stated<String>>,
    /// Labels of the form that the fields above come from, and labels without a value.
    pub labels: Vec<Printed>,
    /// Further labelled values.
    pub fields: Vec<Field>,
    /// Figures that none of the above holds (分值, 得分, 全年执行数), by what stands left of them and above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<FormFigure>,
    pub notes: Vec<Printed>,
    /// Captions, marks and body lines that the following pages repeat: kept, not data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<Printed>,
    pub fragments: Vec<Fragment>,
}

/// Which half of a form with twin halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// 实施期.
    ImplementationPeriod,
    /// 年度.
    Annual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FundSource {
    Total,
    Central,
    Provincial,
    Local,
    Own,
    Other,
    /// 财政拨款, of whatever level.
    Fiscal,
    /// 上年结转.
    Carryover,
}

impl FundSource {
    /// As it is serialised.
    pub fn as_str(self) -> &'static str {
        match self {
            FundSource::Total => "total",
            FundSource::Central => "central",
            FundSource::Provincial => "provincial",
            FundSource::Local => "local",
            FundSource::Own => "own",
            FundSource::Other => "other",
            FundSource::Fiscal => "fiscal",
            FundSource::Carryover => "carryover",
        }
    }
}

/// An amount of the form, or a labelled blank (`amount` null).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fund {
    pub half: Half,
    pub source: FundSource,
    /// Label as printed: `其中:中央财政资金`.
    pub label: Printed,
    pub printed: Option<String>,
    pub amount: Option<Decimal>,
    pub place: Option<Place>,
    pub evidence: Evidence,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Goal {
    pub half: Half,
    pub text: Printed,
}

/// A leaf of the indicator tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Indicator {
    pub half: Half,
    /// 一级指标: 产出指标, 效益指标, 满意度指标. Null where the form prints none for it.
    pub level1: Option<Printed>,
    /// 二级指标.
    pub level2: Option<Printed>,
    /// 三级指标.
    pub level3: Option<Printed>,
    pub value: Option<IndicatorValue>,
    /// What further columns of the tree print: 分值, 实际完成值, 得分, 偏差原因, 活动; the label is the column's heading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// 指标值.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorValue {
    pub printed: String,
    pub place: Place,
    /// `≥`, `≤`, `>`, `<`, `=`; `=` where a lone figure is printed.
    pub comparator: Option<String>,
    /// The figure, where the value is one.
    pub number: Option<Decimal>,
    /// What follows the figure: `%`, `元/星`, `人`.
    pub unit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    pub label: Printed,
    /// Headings of the column over the value, outermost first, where the form prints a table within itself
    /// (年初预算数 / 全年执行数; 任务名称 / 预算金额 / 财政拨款).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
    pub value: Printed,
    /// Unit of a value below a heading of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// What is measured (`executed.total`, `score`), where label and headings tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
}

/// A figure of a form whose meaning only its row and its column tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FormFigure {
    /// The nearest words left of it.
    pub row: Option<Printed>,
    /// The nearest words above it.
    pub header: Vec<String>,
    /// What is measured, where the words tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    pub printed: String,
    pub amount: Decimal,
    pub place: Place,
}
