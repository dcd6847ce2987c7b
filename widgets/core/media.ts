import { core, register } from "./core-widget.ts";
import { type AudioTraits, type ImageTraits, type MediaTraits, MODELS, type VideoTraits } from "./models.ts";

/** What image, audio and video have in common. */
export class Media extends core<MediaTraits>(MODELS.Media) {}
register(MODELS.Media, Media);

/** A picture, from the bytes of a PNG, JPEG, GIF, SVG …; with `format: "url"`, from the bytes of its address. */
export class Image extends core<ImageTraits>(MODELS.Image) {}
register(MODELS.Image, Image);

/** Sound, from the bytes of a file. */
export class Audio extends core<AudioTraits>(MODELS.Audio) {}
register(MODELS.Audio, Audio);

/** A film, from the bytes of a file. */
export class Video extends core<VideoTraits>(MODELS.Video) {}
register(MODELS.Video, Video);
