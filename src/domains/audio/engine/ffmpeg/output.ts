import { AVERROR_EOF, AVIO_FLAG_WRITE } from 'node-av/constants'
import { type CodecContext, type FormatContext, IOContext, type Packet } from 'node-av/lib'
import { AudioFailure } from '../problem.ts'
import { AVERROR_EAGAIN, type Block, strerror } from './common.ts'

export function writing(ret: number, what: string): number {
  if (ret < 0) throw new AudioFailure('unwritable', `${what}: ${strerror(ret)}`)
  return ret
}

/** The file that a container is written to. `finish` throws when a byte could not be written; `close` gives it back, whether finished or not. */
export function openOutput(format: FormatContext, path: string): { finish(): void; close(): void } {
  const io = new IOContext()
  writing(io.open2Sync(`file:${path}`, AVIO_FLAG_WRITE), 'open')
  format.pb = io
  let open = true
  return {
    finish() {
      writing(format.writeTrailerSync(), 'trailer')
      io.flushSync()
      writing(io.error, 'write')
      open = false
      format.pb = null
      writing(io.closepSync(), 'close')
    },
    close() {
      format.pb = null
      if (open) io.closepSync()
      open = false
    },
  }
}

/** Gives a block to an encoder (null: that was the last) and `write` each packet that is ready, in the one `packet`. */
export function encode(context: CodecContext, block: Block | null, packet: Packet, write: () => void): void {
  const sent = context.sendFrameSync(block)
  if (sent !== AVERROR_EOF) writing(sent, 'encode')
  for (;;) {
    const got = context.receivePacketSync(packet)
    if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return
    writing(got, 'encode')
    write()
    packet.unref()
  }
}
