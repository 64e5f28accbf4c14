import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO } from 'node-av/constants'
import { avGetCodecName, FilterGraph, FormatContext, Frame } from 'node-av/lib'
import { openFilmSink } from './ffmpeg.ts'

/** A film of coloured bars that move, with a tone when `hasSound`: made by FFmpeg's own test sources. */
export function writeFilm(
  path: string,
  { seconds = 2, width = 320, height = 180, hasSound = true, muxer = 'mp4' as 'mp4' | 'webm', rate = 25 } = {},
): void {
  const sink = openFilmSink({
    path,
    muxer,
    muxerOptions: {},
    picture:
      muxer === 'mp4'
        ? { encoder: 'libx264', options: { preset: 'ultrafast' }, bitRate: null }
        : { encoder: 'libvpx', options: { deadline: 'realtime', 'cpu-used': '8' }, bitRate: 500_000n },
    sound: hasSound
      ? muxer === 'mp4'
        ? { encoder: 'aac', sampleFormat: 'fltp', bitRate: 96_000n }
        : { encoder: 'libopus', sampleFormat: 'flt', bitRate: 64_000n }
      : null,
    width,
    height,
    threads: 1,
  })
  const bars = `testsrc=size=${width}x${height}:rate=${rate}:duration=${seconds},settb=1/90000,format=yuv420p,buffersink@o`
  for (const frame of pulled(bars)) sink.picture(frame)
  if (hasSound) {
    const shape =
      muxer === 'mp4'
        ? 'fltp:channel_layouts=stereo,asetnsamples=n=1024'
        : 'flt:channel_layouts=stereo,asetnsamples=n=960'
    const tone = `sine=frequency=330:sample_rate=48000:duration=${seconds},aformat=sample_fmts=${shape}:p=0,abuffersink@o`
    for (const frame of pulled(tone)) sink.sound(frame)
  }
  sink.finish()
  sink.close()
}

function* pulled(text: string): Generator<Frame> {
  const graph = new FilterGraph()
  graph.alloc()
  if (graph.parsePtr(text, null, null) < 0 || graph.configSync() < 0) throw new Error(`filter graph ${text}`)
  const output = graph.getFilter(text.includes('abuffersink') ? 'abuffersink@o' : 'buffersink@o')
  const frame = new Frame()
  frame.alloc()
  while (output && output.buffersinkGetFrameSync(frame) >= 0) {
    yield frame
    frame.unref()
  }
  frame.free()
  graph.free()
}

/** What a film that was made says of itself. */
export function probeFilm(path: string) {
  const format = new FormatContext()
  if (format.openInputSync(path, null, null) < 0) return null
  format.findStreamInfoSync(null)
  const of = (type: typeof AVMEDIA_TYPE_VIDEO | typeof AVMEDIA_TYPE_AUDIO) => {
    const index = format.findBestStream(type)
    return index < 0 ? undefined : format.streams[index]?.codecpar
  }
  const [picture, sound] = [of(AVMEDIA_TYPE_VIDEO), of(AVMEDIA_TYPE_AUDIO)]
  const found = {
    picture: picture ? avGetCodecName(picture.codecId) : null,
    sound: sound ? avGetCodecName(sound.codecId) : null,
    width: picture?.width,
    height: picture?.height,
    durationMs: Number(format.duration) / 1e3,
  }
  format.closeInputSync()
  return found
}
