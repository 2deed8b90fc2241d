//! Measures of the columns of lists of performance targets: whatever heads them, they are told by these names.

/// Names of an indicator, outermost first.
pub const INDICATOR_NAMES: [&str; 3] = ["indicator_level1", "indicator_level2", "indicator"];
/// 绩效指标性质: ≥, ≤, 定性.
pub const TARGET_COMPARATOR: &str = "target_comparator";
pub const TARGET_VALUE: &str = "target_value";
pub const TARGET_UNIT: &str = "target_unit";
