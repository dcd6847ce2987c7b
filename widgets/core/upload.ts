import { core, register } from "./core-widget.ts";
import { type FileUploadTraits as Generated, MODELS } from "./models.ts";

/** A file that the user has chosen. */
export interface UploadedFile {
  readonly name: string;
  /** MIME type, where the browser knows one. */
  readonly type: string;
  /** Size, bytes. */
  readonly size: number;
  /** When it was changed last, ms since 1970. */
  readonly last_modified: number;
  readonly content: Uint8Array;
}

/** What a `FileUpload` has. */
export interface FileUploadTraits extends Omit<Generated, "value"> {
  /** The files chosen last. Default: none. */
  value: readonly UploadedFile[];
}

/** A button that brings files of the user's computer into the kernel: `upload.value[0].content` holds the bytes. */
export class FileUpload extends core<FileUploadTraits>(MODELS.FileUpload, {
  defaults: { description: "Upload" },
  unechoed: ["value"],
}) {}
register(MODELS.FileUpload, FileUpload);
