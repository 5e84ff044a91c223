/* What the window shows, drawn by build/stub_art.py, as an .xz stream. */

    .section .rodata
    .global art, art_size
art:
    .incbin "art.xz"
    .set ends, .
    .balign 8
art_size:
    .quad ends - art
    .section .note.GNU-stack, "", @progbits
