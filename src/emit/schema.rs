//! JSON Schema 2020-12 of the canonical JSON, generated from the types.

use schemars::generate::SchemaSettings;

use crate::model::{Disclosure, SCHEMA_VERSION};

/// The schema, with an identifier that changes with the version of the shape only.
pub fn schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Disclosure>();
    schema.insert("$id".to_string(), format!("urn:mingzhang:disclosure:{SCHEMA_VERSION}").into());
    schema.to_value()
}
