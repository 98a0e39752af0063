"""An SFTP server for one folder that lets an account in by its password, on Twisted.

`python conch.py PORT HOST_KEY FOLDER ACCOUNT PASSWORD [HOW]`. HOW is `keeps`, for one that renames over no file that is
there, or `stuck`, for one that does so and lets no `.part` get another name.
"""

import os
import sys

from twisted.conch.avatar import ConchUser
from twisted.conch.interfaces import ISFTPServer
from twisted.conch.ssh.factory import SSHFactory
from twisted.conch.ssh.filetransfer import FX_FAILURE, FileTransferServer, SFTPError
from twisted.conch.ssh.keys import Key
from twisted.conch.ssh.session import SSHSession
from twisted.conch.unix import SFTPServerForUnixConchUser
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor
from twisted.python.components import registerAdapter
from twisted.python.filepath import FilePath
from zope.interface import implementer

PORT, HOST_KEY, FOLDER, ACCOUNT, PASSWORD = sys.argv[1:6]
HOW = sys.argv[6] if len(sys.argv) > 6 else ""


class Account(ConchUser):
    """Whoever runs this, with the folder as its home."""

    def __init__(self):
        super().__init__()
        self.channelLookup[b"session"] = SSHSession
        self.subsystemLookup[b"sftp"] = FileTransferServer

    def getUserGroupId(self):
        return os.getuid(), os.getgid()

    def getHomeDir(self):
        return FilePath(FOLDER)

    def _runAsUser(self, todo, *args, **kw):
        calls = todo if isinstance(todo, (list, tuple)) else [(todo, args, kw)]
        for call in calls:
            function, *rest = call
            result = function(*(rest[0] if rest else ()), **(rest[1] if len(rest) > 1 else {}))
        return result


@implementer(IRealm)
class Realm:
    def requestAvatar(self, avatarId, mind, *interfaces):
        return interfaces[0], Account(), lambda: None


class Files(SFTPServerForUnixConchUser):
    def renameFile(self, old, new):
        is_there = os.path.exists(self._absPath(new))
        is_stuck = HOW == "stuck" and old.endswith(b".part")
        if (HOW and is_there) or is_stuck:
            raise SFTPError(FX_FAILURE, "this name cannot be given")
        return super().renameFile(old, new)


registerAdapter(Files, Account, ISFTPServer)
key = Key.fromFile(HOST_KEY)
factory = SSHFactory()
factory.publicKeys = {key.sshType(): key.public()}
factory.privateKeys = {key.sshType(): key}
factory.portal = Portal(Realm(), [InMemoryUsernamePasswordDatabaseDontUse(**{ACCOUNT: PASSWORD.encode()})])
reactor.listenTCP(int(PORT), factory, interface="127.0.0.1")
reactor.run()
