/**
 * FFmpeg, through node-av's low-level synchronous calls. The only door to it: another engine replaces this file and its
 * folder. node-av's high-level encoder loses the last samples of FLAC, ALAC and Vorbis, hence CodecContext and asetnsamples.
 */
export type { Block, SampleFormat, SourceFacts } from './ffmpeg/common.ts'
export {
  type FilmSink,
  type FilmSpec,
  jpegOf,
  openFilmSink,
  openPictureGraph,
  type PictureGraph,
} from './ffmpeg/film-sink.ts'
export { type FilmSource, openFilm } from './ffmpeg/film-source.ts'
export { type Graph, openGraph, planes } from './ffmpeg/graph.ts'
export { openSink, type Sink, type SinkSpec } from './ffmpeg/sink.ts'
export { openSource, type Source, sniff } from './ffmpeg/source.ts'
