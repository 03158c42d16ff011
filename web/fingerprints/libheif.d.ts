declare module 'libheif-js/libheif-wasm/libheif.js' {
  interface Rgba {
    data: Uint8ClampedArray<ArrayBuffer>;
    width: number;
    height: number;
  }
  interface Image {
    is_primary(): boolean;
    get_width(): number;
    get_height(): number;
    display<T extends Rgba>(target: T, done: (shown: T | null) => void): void;
    free(): void;
  }
  export interface Library {
    HeifDecoder: new () => { decode(bytes: Uint8Array): Image[] };
  }
  export default function libheif(options: { wasmBinary: ArrayBuffer }): Library;
}
