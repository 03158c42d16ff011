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

/** A simulated edit of the picture. */
export interface EditPdq extends Pdq {
  /** Its name in spec/edits.json. */
  edit: string;
}

/** One frame of a film, or of a picture that moves. */
export interface Frame extends Pdq {
  /** Whole seconds after the first frame. */
  at: number;
}

/** Why a picture or film has exact fingerprints only. */
export type Note =
  | 'low-detail' // too little in it to be told from others
  | 'codec' // a film that this browser cannot decode
  | 'cannot-read' // a kind of file that this page does not read yet
  | 'needs-heic' // a HEIC file, and this browser has no decoder for it: ours may read it
  | 'needs-tiff' // a TIFF file: a worker of its own may read it
  | 'damaged' // it begins like a picture and is not one
  | 'too-large' // more pixels than are looked at
  | 'browser-noise'; // this browser changes pixels that it hands out

export interface Fingerprints extends Exact {
  kind: 'image' | 'video';
  pdq?: Pdq;
  edits?: EditPdq[];
  frames?: Frame[];
  note?: Note;
}

/** Where in a file there is something that moves, and what: a film, or an animation of this type. */
export interface Moving {
  begin: number;
  type?: string;
}

/** What every worker says first: it has come, and works from here on without a network. */
export interface Ready {
  kind: 'ready';
}

export type ToWorker = { id: number; file: File };

export type FromWorker =
  | { id: number; kind: 'progress'; done: number } // 0 to 1
  | { id: number; kind: 'moves'; moving: Moving } // early, so that its frames are looked at meanwhile
  | { id: number; kind: 'done'; fingerprints: Fingerprints }
  | { id: number; kind: 'unreadable' }; // the file itself could not be read from the device

export type ToFilmWorker =
  | { id: number; kind: 'file'; file: Blob; type?: string | undefined }
  | { id: number; kind: 'picture'; at: number; bitmap: ImageBitmap } // what the page was shown
  | { id: number; kind: 'end'; complete: boolean }; // of the pictures

export type FromFilmWorker =
  | { id: number; kind: 'progress'; done: number }
  | { id: number; kind: 'taken' } // one picture
  | { id: number; kind: 'frames'; frames: Frame[]; complete: boolean }
  | { id: number; kind: 'codec' } // this browser has no decoder for it
  | { id: number; kind: 'unreadable' };
