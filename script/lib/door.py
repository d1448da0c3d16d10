"""door.py — addresses that lead to others: bytes go through as they are.

    door.py FRONT=BACK[,BACK…] …    each HOST:PORT; the first that answers
"""
import asyncio
import sys


async def carry(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


def address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def to(backs):
    async def come(reader, writer):
        for back in backs:
            try:
                r, w = await asyncio.open_connection(*back)
            except OSError:
                continue
            await asyncio.gather(carry(reader, w), carry(r, writer))
            return
        writer.close()
    return come


async def main():
    for way in sys.argv[1:]:
        front, backs = way.split("=")
        await asyncio.start_server(
            to([address(b) for b in backs.split(",")]), *address(front))
    print("open", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
