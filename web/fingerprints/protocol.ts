/** What page and worker say to each other. File names never cross: a File is opened by its bytes alone. */

export interface Exact {
  md5: string;
  sha256: string;
}

export interface Pdq {
  /** 64 lower-case hexadecimal digits, bit 255 first. */
  value: string;
  /** 0 to 100. */
  quality: number;
}

/** Why a picture has exact fingerprints only. */
export type Note =
  | 'low-detail' // too little in it to be told from other pictures
  | 'film' // films get exact fingerprints only, so far
  | 'cannot-read' // a kind of file that this page does not read yet
  | 'needs-heic' // a HEIC file, and this browser has no decoder for it: ours may read it
  | 'damaged' // it begins like a picture and is not one
  | 'browser-noise'; // this browser changes pixels that it hands out

export interface Fingerprints extends Exact {
  kind: 'image' | 'video';
  pdq?: Pdq;
  note?: Note;
}

export type ToWorker = { id: number; file: File };

export type FromWorker =
  | { id: number; kind: 'progress'; done: number } // 0 to 1
  | { id: number; kind: 'done'; fingerprints: Fingerprints }
  | { id: number; kind: 'unreadable' }; // the file itself could not be read from the device
