fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(mingzhang::cli::run(std::env::args_os()) as u8)
}
