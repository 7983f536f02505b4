//! Run with `cargo run --example authentication`.
//!
//! Who asks, and of which tenant is that? `ScimService` leaves it to an `Authenticator` of the
//! application: here to one that knows its tokens, and to one that verifies what an identity provider
//! signed. Neither tenant nor rights are ever taken from what a client merely says.

mod bearer;
mod issuer;
mod jwt;

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;

use http::{Request, StatusCode, header};
use scim_http::ops::ScimOperationHandler;
use scim_http::provider::{InMemoryProvider, TenantId};
use scim_http::{Authenticator, BaseUrl, Grant, ScimService};

use bearer::Tokens;
use issuer::Issuer;
use jwt::Signed;

type Scim = ScimService<InMemoryProvider>;
type Failure = Box<dyn Error + Send + Sync>;

/// This service, as tokens name it.
const AUDIENCE: &str = "https://example.com/scim/v2";

fn service(authenticator: impl Authenticator + 'static) -> Result<Scim, Failure> {
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    Ok(ScimService::new(handler)
        .with_base_url(BaseUrl::parse(AUDIENCE)?)
        .with_authenticator(Arc::new(authenticator)))
}

async fn run(out: &mut (dyn Write + Send)) -> Result<(), Failure> {
    writeln!(out, "tokens of our own")?;
    let acme: TenantId = "acme".parse()?;
    let tokens = Tokens::default()
        .with("kept-by-acme", Grant::new(acme.clone()).with_subject("hr"))
        .with("kept-by-audit", Grant::new(acme).read_only());
    let scim = service(tokens)?;
    say(out, &scim, "nothing", None).await?;
    say(out, &scim, "a guess", Some("kept-by-me")).await?;
    say(out, &scim, "the token of acme", Some("kept-by-acme")).await?;
    say(out, &scim, "one that only reads", Some("kept-by-audit")).await?;

    writeln!(out, "tokens that an identity provider signed")?;
    let issuer = Issuer::new("https://idp.example.com")?;
    let scim = service(Signed::new(issuer.keys(), issuer.url(), AUDIENCE))?;
    let good = issuer.token(AUDIENCE, "acme", "scim.read scim.write", 60)?;
    say(out, &scim, "one for acme", Some(&good)).await?;
    let reads = issuer.token(AUDIENCE, "acme", "scim.read", 60)?;
    say(out, &scim, "one that only reads", Some(&reads)).await?;
    let neither = issuer.token(AUDIENCE, "acme", "mail", 60)?;
    say(out, &scim, "one for other rights", Some(&neither)).await?;
    let old = issuer.token(AUDIENCE, "acme", "scim.write", -3600)?;
    say(out, &scim, "one that has expired", Some(&old)).await?;
    let elsewhere = issuer.token("https://mail.example.com", "acme", "scim.write", 60)?;
    say(out, &scim, "one for another service", Some(&elsewhere)).await?;
    let identity = issuer.id_token(AUDIENCE, "acme")?;
    say(out, &scim, "one that says who somebody is", Some(&identity)).await?;
    let stranger = Issuer::new(issuer.url())?.token(AUDIENCE, "acme", "scim.write", 60)?;
    say(out, &scim, "one that a stranger signed", Some(&stranger)).await?;
    let unsigned = issuer::unsigned(&good)?;
    say(out, &scim, "one that nobody signed", Some(&unsigned)).await?;
    Ok(())
}

/// What reading and creating come to for who bears `token`.
async fn say(
    out: &mut (dyn Write + Send),
    scim: &Scim,
    who: &str,
    token: Option<&str>,
) -> Result<(), Failure> {
    let read = Request::get("/Users");
    let create = Request::post("/Users").header(header::CONTENT_TYPE, "application/scim+json");
    let user = r#"{ "userName": "bjensen" }"#;
    let mut statuses = Vec::<StatusCode>::new();
    for (mut request, content) in [(read, ""), (create, user)] {
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let answer = scim.handle(request.body(content.to_owned())?).await;
        statuses.push(answer.status());
    }
    let [read, create] = statuses[..] else {
        return Err("two requests have two answers".into());
    };
    writeln!(out, "  {who}: reads {read}, creates {create}")?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    run(&mut io::stdout()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_not_known_gets_nothing() -> Result<(), Failure> {
        let mut out = Vec::new();
        run(&mut out).await?;
        assert_eq!(
            String::from_utf8(out)?,
            "tokens of our own\n  \
             nothing: reads 401 Unauthorized, creates 401 Unauthorized\n  \
             a guess: reads 401 Unauthorized, creates 401 Unauthorized\n  \
             the token of acme: reads 200 OK, creates 201 Created\n  \
             one that only reads: reads 200 OK, creates 403 Forbidden\n\
             tokens that an identity provider signed\n  \
             one for acme: reads 200 OK, creates 201 Created\n  \
             one that only reads: reads 200 OK, creates 403 Forbidden\n  \
             one for other rights: reads 403 Forbidden, creates 403 Forbidden\n  \
             one that has expired: reads 401 Unauthorized, creates 401 Unauthorized\n  \
             one for another service: reads 401 Unauthorized, creates 401 Unauthorized\n  \
             one that says who somebody is: reads 401 Unauthorized, creates 401 Unauthorized\n  \
             one that a stranger signed: reads 401 Unauthorized, creates 401 Unauthorized\n  \
             one that nobody signed: reads 401 Unauthorized, creates 401 Unauthorized\n"
        );
        Ok(())
    }
}
