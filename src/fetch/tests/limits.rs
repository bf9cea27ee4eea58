//! Bodies that are too large, too slow, or not whole.

use super::*;
use FetchResult::Failed;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A bare server: robots.txt is not there, everything else is written by hand.
async fn raw<F, W>(write: F) -> Url
where
    F: Fn(TcpStream) -> W + Send + Sync + 'static,
    W: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap_or(0);
            if request[..length].starts_with(b"GET /robots.txt") {
                let none = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                stream.write_all(none).await.ok();
            } else {
                tokio::spawn(write(stream));
            }
        }
    });
    Url::parse(&format!("http://{address}/")).unwrap()
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_limit() {
    let sent = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&sent);
    let url = raw(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n").await?;
            let piece = vec![b'x'; 64 * 1024];
            for _ in 0..(2u64 << 30) / piece.len() as u64 {
                stream.write_all(&piece).await?;
                count.fetch_add(piece.len() as u64, Ordering::Relaxed);
            }
            Ok(())
        }
    })
    .await;
    let fetched = fetcher(manners()).get(&ask(url)).await;
    assert_eq!((fetched.result, code(&fetched)), (Failed(FailedKind::TooLarge), "too-large"));
    assert!(fetched.body.is_empty());
    assert!(sent.load(Ordering::Relaxed) < 100_000_000, "the connection is closed, not drained");
}

#[tokio::test]
async fn an_announced_size_over_the_limit_is_not_read() {
    let url = raw(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\nabc").await?;
        std::future::pending().await
    })
    .await;
    assert_eq!(fetcher(manners()).get(&ask(url)).await.result, Failed(FailedKind::TooLarge));
}

#[tokio::test]
async fn a_packed_bomb_counts_unpacked() {
    // One deflate block that says "repeat the last byte 258 times" over and over; stored as gzip.
    let bomb = gzip_of_zeros(3_000);
    assert!(bomb.len() < 50_000);
    let site = Site::open(move |hit, _| match hit.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        _ => answer(200, &[("content-type", "text/html"), ("content-encoding", "gzip")], bomb.clone()),
    })
    .await;
    let small = Manners { max_body: 100_000, ..manners() };
    let fetched = fetcher(small).get(&ask(site.url("/"))).await;
    assert_eq!(fetched.result, Failed(FailedKind::TooLarge), "{:?}", fetched.problem);
    let large = get(&site, "/").await;
    assert_eq!((large.result, large.body.len()), (FetchResult::Failed(FailedKind::Cut), 0), "the check sum is wrong");
}

/// A gzip stream of one fixed-Huffman block: a zero byte, then `repeats` matches of length 258, distance 1.
fn gzip_of_zeros(repeats: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false];
    let code = |bits: &mut Vec<bool>, value: u32, length: u32| {
        bits.extend((0..length).rev().map(|bit| value >> bit & 1 == 1));
    };
    code(&mut bits, 0x30, 8);
    for _ in 0..repeats {
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    code(&mut bits, 0, 7);
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    out.extend(bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0u8, |sum, (at, bit)| sum | u8::from(*bit) << at)));
    out.extend([0; 8]);
    out
}

#[tokio::test]
async fn a_trickle_is_ended_in_time() {
    let url = raw(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").await?;
        loop {
            stream.write_all(b"x").await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    let begun = Instant::now();
    let fetched = fetcher(manners()).get(&ask(url)).await;
    assert_eq!((fetched.result, fetched.status), (Failed(FailedKind::Timeout), 200));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_host_that_never_answers_is_given_up() {
    let url = raw(|stream| async move {
        let _open = stream;
        std::future::pending().await
    })
    .await;
    let fetched = fetcher(manners()).get(&ask(url)).await;
    assert_eq!((fetched.result, code(&fetched)), (Failed(FailedKind::Timeout), "timeout"));
}

#[tokio::test]
async fn a_cut_body_is_a_failure() {
    for head in ["Content-Length: 1000", "Transfer-Encoding: chunked"] {
        let url = raw(move |mut stream| async move {
            let text = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n\r\n5\r\n<p>ab\r\n");
            stream.write_all(text.as_bytes()).await
        })
        .await;
        let fetched = fetcher(manners()).get(&ask(url)).await;
        assert_eq!((fetched.result, code(&fetched)), (Failed(FailedKind::Cut), "body-cut"), "{head}");
    }
}

#[tokio::test]
async fn no_answer_at_all_is_a_failure() {
    let url = raw(|stream| async move {
        drop(stream);
        Ok(())
    })
    .await;
    assert_eq!(fetcher(manners()).get(&ask(url)).await.result, Failed(FailedKind::Connect));
    let url = raw(|mut stream| async move { stream.write_all(b"SSH-2.0-x\r\n\r\n").await }).await;
    let odd = fetcher(manners()).get(&ask(url)).await;
    assert!(matches!(odd.result, Failed(_)), "{:?}", odd.result);
}
