/* What the window shows, drawn by build/stub_art.py, as an .xz stream. */

    .section .rodata
    .global art_begin, art_end
art_begin:
    .incbin "art.xz"
art_end:
    .byte 0
    .section .note.GNU-stack, "", @progbits
