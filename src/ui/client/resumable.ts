import type { DetailedError } from 'tus-js-client'

/** How a file is sent in parts and goes on where it stopped (tus 1.0), wherever it was chosen. */
export const RESUMABLE = {
  /** Small enough for the proxies that hold a request whole before they pass it on. */
  chunkSize: 32 * 1024 * 1024,
  /** About a quarter of an hour of patience after the last byte that went through. */
  retryDelays: [500, 1_000, 2_000, 5_000, ...Array.from({ length: 60 }, () => 15_000)],
  storeFingerprintForResuming: false,
}

/** What the server answered to a part; 0 where it was not reached. */
export const statusOf = (error: DetailedError): number => error.originalResponse?.getStatus() ?? 0

/** Whether it may go better a moment later: no connection, a part that is still being written, a server in trouble; not a full disk. */
export const mayPass = (status: number): boolean =>
  status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507)

/** What the server says of a file that it does not take. */
export function sentenceOf(error: Error | DetailedError): string | null {
  const response = 'originalResponse' in error ? error.originalResponse : null
  const body = response?.getBody().trim() ?? ''
  const status = response?.getStatus() ?? 0
  return status >= 400 && status < 600 && body !== '' && body.length < 500 && !body.startsWith('<') ? body : null
}
