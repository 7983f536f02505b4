use std::error::Error as StdError;
use std::sync::Arc;

use rmcp::service::{QuitReason, ServerInitializeError};
use rmcp::transport::async_rw::AsyncRwTransport;
use scim_ops::provider::ResourceProvider;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::connection::{Connection, Identity};
use crate::{Caller, McpServer};

impl<P: ResourceProvider + 'static> McpServer<P> {
    /// Serves one agent, which writes its messages to `input` and reads answers from `output`, a line of JSON
    /// each, on behalf of `caller`, until `input` ends and what is under way is answered.
    ///
    /// A message is carried out in a task of its own: dropping the future does not stop a write that
    /// has begun.
    ///
    /// # Errors
    ///
    /// [`ServeError`] if the agent does not begin as the protocol wants it, or serving broke off.
    pub async fn serve<R, W>(self, caller: Caller, input: R, output: W) -> Result<(), ServeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let longest = self.shared.config.limits.message();
        let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(longest);
        let connection = Connection {
            shared: Arc::clone(&self.shared),
            identity: Identity::Known(caller),
        };
        let running = match rmcp::serve_server(connection, transport).await {
            Ok(running) => running,
            // Nobody was there, which is no fault.
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(ServerInitializeError::TransportError { error, .. }) => {
                return Err(ServeError::Broken(Box::new(error)));
            }
            // Others show what was sent, which may be personal.
            Err(_) => return Err(ServeError::Handshake),
        };
        match running.waiting().await {
            Ok(QuitReason::JoinError(error)) | Err(error) => {
                Err(ServeError::Broken(Box::new(error)))
            }
            Ok(_) => Ok(()),
        }
    }

    /// Serves the agent that has started this process, over its stdin and stdout. Nothing else may
    /// write to stdout.
    ///
    /// # Errors
    ///
    /// As [`serve`](Self::serve).
    pub async fn serve_stdio(self, caller: Caller) -> Result<(), ServeError> {
        let (input, output) = rmcp::transport::stdio();
        self.serve(caller, input, output).await
    }
}

/// Why an agent was not served to the end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Its first messages are not those of the protocol.
    #[error("the client does not begin as the Model Context Protocol wants it")]
    Handshake,
    /// Reading or writing failed.
    #[error("the connection to the client broke off")]
    Broken(#[source] Box<dyn StdError + Send + Sync>),
}
