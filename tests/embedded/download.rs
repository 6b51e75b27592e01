//! When no server is installed: the download, and what the error says without it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use vertebra::db::embedded::account::Account;
use vertebra::db::embedded::binaries::Search;
use vertebra::db::embedded::{EmbeddedPostgres, EmbeddedSettings, download};

use crate::scratch::{Scratch, query};

#[test]
fn without_a_server_and_a_network_the_error_says_what_to_do() {
    let nobody_listens = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = nobody_listens.local_addr().expect("an address");
    drop(nobody_listens);
    let scratch = Scratch::new();
    let search = Search {
        named: None,
        places: vec![PathBuf::from("/nonexistent/bin")],
        cache: Some(scratch.0.clone()),
        url: format!("http://{address}/postgresql-1-test.tar.gz"),
    };
    let account = Account::choose(&scratch.0).expect("an account");
    let error = search.find(None, &account).expect_err("there is none");
    let text = error.to_string();
    for word in [
        "/nonexistent/bin",
        "apt-get",
        "brew",
        "Docker",
        "DATABASE_URL",
        &search.url,
    ] {
        assert!(text.contains(word), "{word} is missing in: {text}");
    }
}

/// An archive with the layout of the published ones, made from the installed server.
fn archive() -> Vec<u8> {
    let account = Account::choose(Path::new("/nonexistent")).expect("an account");
    let installed = Search::of_machine(&EmbeddedSettings::default())
        .find(None, &account)
        .expect("a server is installed");
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(gzip);
    for name in ["postgres", "initdb"] {
        let path = format!("postgresql-0-test/bin/{name}");
        let program = installed.program(name).canonicalize().expect("it exists");
        archive.append_path_with_name(program, path).expect("it can be read");
    }
    for name in ["dict_snowball", "plpgsql"] {
        let path = format!("lib/{name}.so");
        let library = installed.program("..").join(&path);
        if library.is_file() {
            let path = format!("postgresql-0-test/{path}");
            archive.append_path_with_name(library, path).expect("it can be read");
        }
    }
    let mut header = tar::Header::new_gnu();
    header.set_mode(0o644);
    header.set_size(0);
    let path = "postgresql-0-test/share/postgres.bki.sample";
    archive
        .append_data(&mut header, path, std::io::empty())
        .expect("it can be written");
    archive
        .into_inner()
        .expect("an archive")
        .finish()
        .expect("a compressed archive")
}

/// Serves an archive and its checksum, twice at most, and returns the archive's address.
fn serve(archive: Vec<u8>, checksum: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.expect("a connection");
            let mut line = String::new();
            let mut reader = BufReader::new(&stream);
            reader.read_line(&mut line).expect("a request");
            while line.trim() != "" && !line.starts_with("GET") {
                line.clear();
                reader.read_line(&mut line).expect("a header");
            }
            let is_sum = line.contains(".sha256");
            let body = if is_sum { checksum.as_bytes() } else { &archive };
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(body);
        }
    });
    format!("http://{address}/postgresql-0-test.tar.gz")
}

fn content(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("it exists");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("it can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

fn sum(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_downloaded_server_runs_and_is_downloaded_once() {
    let cache = Scratch::new();
    let archive = archive();
    let checksum = format!("{}  postgresql-0-test.tar.gz\n", sum(&archive));
    let search = Search {
        named: None,
        places: Vec::new(),
        cache: Some(cache.0.clone()),
        url: serve(archive, checksum),
    };
    let scratch = Scratch::new();
    let account = Account::choose(&scratch.0).expect("an account");
    let first = search.find(None, &account).expect("it is downloaded");
    // The address answers no third request.
    assert_eq!(search.find(None, &account).expect("it is kept"), first);
    let bin = cache.0.join("postgresql-0-test/bin");
    // Where packages lay out their files otherwise than the archive does, the programs do not find them.
    if bin.join("../lib/dict_snowball.so").is_file() {
        let settings = EmbeddedSettings {
            bin_dir: Some(bin),
            ..scratch.settings()
        };
        let server = EmbeddedPostgres::start(&settings).expect("the server starts");
        assert_eq!(query(server.url(), "SELECT 1"), "1");
    }
    assert_eq!(content(&cache.0), ["lock", "postgresql-0-test"]);
}

#[test]
fn an_archive_with_another_checksum_is_not_used() {
    let cache = Scratch::new();
    let url = serve(b"half an archive".to_vec(), sum(b"the whole archive"));
    let error = download::fetch(&url, &cache.0).expect_err("it differs");
    assert!(error.to_string().contains("SHA-256"), "{error}");
    assert_eq!(content(&cache.0), ["lock"]);
}

#[test]
fn an_archive_without_a_server_is_not_kept() {
    let cache = Scratch::new();
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let archive = tar::Builder::new(gzip).into_inner().expect("an empty archive");
    let archive = archive.finish().expect("a compressed archive");
    let checksum = sum(&archive);
    let error = download::fetch(&serve(archive, checksum), &cache.0).expect_err("it is empty");
    assert!(error.to_string().contains("bin/postgres"), "{error}");
    assert_eq!(content(&cache.0), ["lock"]);
}
