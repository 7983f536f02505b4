use std::net::SocketAddr;

use axum::Router;
use scim_http::provider::ResourceProvider;
use scim_http::{BasePath, ScimService};
use scimd::{App, Config};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::Client;
use crate::databases::Store;

const BASE_PATH: &str = "/scim/v2";

/// A server in this process, on a port of its own. Dropping it cuts all connections.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    _runtime: Runtime,
    /// Goes after the runtime, which uses it.
    store: Option<Store>,
}

impl Server {
    /// A `scimd` with an empty store and the default options. In memory, unless the environment
    /// says otherwise: see [`Store::of_environment`].
    ///
    /// # Panics
    ///
    /// If there is no port for it.
    pub fn start() -> Self {
        Self::with_args(&[])
    }

    /// A `scimd` with an empty store and these options.
    ///
    /// # Panics
    ///
    /// If they are none, or there is no port for it.
    pub fn with_args(args: &[&str]) -> Self {
        let store = Store::of_environment();
        let words = [&["scimd", "--store", store.url()], args].concat();
        let config = Config::from_args(words).expect("these are options");
        let mut server = Self::listening(|listener| async move {
            let app = App::open(&config).await.expect("it has its store");
            scimd::serve(app, listener, std::future::pending()).await;
        });
        server.store = Some(store);
        server
    }

    /// `service` behind axum, under the base path that `scimd` has by default.
    ///
    /// # Panics
    ///
    /// If there is no port for it.
    pub fn of_service<P: ResourceProvider>(service: ScimService<P>) -> Self {
        let base_path = BasePath::parse(BASE_PATH).expect("it is a path");
        let router = Router::new().fallback_service(service.with_base_path(base_path));
        Self::listening(|listener| async move {
            axum::serve(listener, router)
                .await
                .expect("it serves until it is dropped");
        })
    }

    fn listening<F>(serve: impl FnOnce(TcpListener) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = Runtime::new().expect("there are threads");
        let listening = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listening.expect("there is a port");
        let address = listener.local_addr().expect("it has an address");
        runtime.spawn(serve(listener));
        Self {
            address,
            _runtime: runtime,
            store: None,
        }
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its resources are, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.address)
    }

    /// A client of this server with connections of its own.
    pub fn client(&self) -> Client {
        Client::new(self.base_url())
    }
}
