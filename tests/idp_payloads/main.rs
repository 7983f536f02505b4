//! What Microsoft Entra ID and Okta send, as they send it, and what it has to do. Much of it is no
//! SCIM by the letter of RFC 7644; none of it may fail, and none may do half of what it says.
//!
//! The requests are those of public documents, named where they stand:
//!
//! - *the tutorial*: Microsoft Learn, "Develop and plan provisioning for a SCIM endpoint in Microsoft
//!   Entra ID";
//! - *the known issues*: Microsoft Learn, "Known issues and resolutions with SCIM 2.0 protocol
//!   compliance of the Microsoft Entra user provisioning service";
//! - *the mappings*: Microsoft Learn, "Customize user provisioning attribute-mappings for SaaS
//!   applications in Microsoft Entra ID";
//! - *the validator*: the requests of Microsoft's SCIM Validator, as authors of other servers reported
//!   them in their issue trackers (Sourcegraph, SCIM-SDK, SCIM Gateway);
//! - *Okta's reference*: Okta Developer, "Okta and SCIM Version 2.0".
//!
//! Names, addresses and ids are others, lines are broken otherwise.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod entra_groups;
mod entra_managers;
mod entra_operations;
mod entra_queries;
mod entra_roles;
mod entra_users;
mod entra_values;
mod okta_groups;
mod okta_users;
mod scene;
