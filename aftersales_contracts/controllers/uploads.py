"""Files that portal users send in: what they may be, by what they contain and not by what they are called."""

from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

PHOTOS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "image/gif": "GIF"}
PAPERS = {**PHOTOS, "application/pdf": "PDF"}
MOST = 8
SIZE = 10  # MB each


def read_uploads(env, files, types, most=MOST, size=SIZE):
    """[{name, raw, mimetype}] of uploaded ``files``, without empty ones. ``types``: {mimetype: name}. Raises UserError
    naming the file that is too large or of another type, or where there are too many."""
    chosen = [file for file in files if file and file.filename]
    if len(chosen) > most:
        raise UserError(env._("%(number)s files are too many: %(most)s at most.", number=len(chosen), most=most))
    read = []
    for file in chosen:
        raw = file.read(size * 1024 * 1024 + 1)
        name = file.filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
        if len(raw) > size * 1024 * 1024:
            raise UserError(env._("%(file)s is larger than %(size)s MB.", file=name, size=size))
        mimetype = guess_mimetype(raw, default="")
        if mimetype not in types:
            raise UserError(env._("%(file)s is not one of these kinds of files: %(kinds)s.", file=name,
                                  kinds=", ".join(types.values())))
        read.append({"name": name, "raw": raw, "mimetype": mimetype})
    return read
