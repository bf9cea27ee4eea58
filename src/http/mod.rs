//! placeholder
use crate::daemon::Office;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
pub async fn serve(_o: Arc<Office>, _l: TcpListener, _s: CancellationToken) -> std::io::Result<()> {
    Ok(())
}
pub async fn metrics_only(_o: Arc<Office>, _l: TcpListener, _s: CancellationToken) -> std::io::Result<()> {
    Ok(())
}
