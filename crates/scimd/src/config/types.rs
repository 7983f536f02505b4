use std::fs;

use scim_http::provider::schema::ResourceTypes;

use super::ConfigError;
use super::settings::Settings;

/// User, Group, and what the files of `--schemas` define, one after the other.
pub(super) fn resource_types(settings: &Settings) -> Result<ResourceTypes, ConfigError> {
    let unknown = settings.unknown_attributes.unwrap_or_default().0;
    let canonical = settings.canonical_values.unwrap_or_default().0;
    let mut types = ResourceTypes::rfc7643()
        .with_unknown_attributes(unknown)
        .with_canonical_values(canonical);
    for path in settings.schemas.iter().flatten() {
        let json = fs::read(path).map_err(|source| ConfigError::ReadFile {
            path: path.clone(),
            source,
        })?;
        types = types
            .with_json(&json)
            .map_err(|source| ConfigError::Schemas {
                path: path.clone(),
                source,
            })?;
    }
    Ok(types)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn read(files: &[&Path]) -> Result<ResourceTypes, ConfigError> {
        resource_types(&Settings {
            schemas: Some(files.iter().map(PathBuf::from).collect()),
            ..Settings::default()
        })
    }

    fn file(json: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), json).unwrap();
        file
    }

    #[test]
    fn each_file_builds_on_those_before() {
        let schema = file(r#"{ "id": "urn:x:door", "attributes": [{ "name": "floor" }] }"#);
        let of_type = file(
            r#"[{ "name": "Door", "endpoint": "/Doors", "schema": "urn:x:door" },
                { "id": "urn:x:door", "attributes": [{ "name": "floor" }] }]"#,
        );
        let names = |types: &ResourceTypes| types.iter().count();
        assert_eq!(names(&read(&[]).unwrap()), 2);
        let types = read(&[schema.path(), of_type.path()]).unwrap();
        assert_eq!(names(&types), 3);
        assert!(types.by_endpoint("Doors").is_some());
    }

    #[test]
    fn errors_name_the_file_and_the_place() {
        let wrong = file(
            r#"[{ "id": "urn:x:door", "attributes": [{ "name": "a b" }] },
            { "name": "Door", "endpoint": "/Doors", "schema": "urn:x:door" }]"#,
        );
        let error = read(&[wrong.path()]).unwrap_err();
        let ConfigError::Schemas { path, source } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(path, wrong.path());
        assert!(source.to_string().contains("a b"), "{source}");
        let missing = read(&[Path::new("/does/not/exist.json")]).unwrap_err();
        assert!(missing.to_string().contains("/does/not/exist.json"));
    }
}
