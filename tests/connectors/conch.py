"""An SFTP server for one folder that lets an account in by its password, on Twisted.

`python conch.py PORT HOST_KEY FOLDER ACCOUNT PASSWORD`
"""

import os
import sys

from twisted.conch.avatar import ConchUser
from twisted.conch.interfaces import ISFTPServer
from twisted.conch.ssh.factory import SSHFactory
from twisted.conch.ssh.filetransfer import FileTransferServer
from twisted.conch.ssh.keys import Key
from twisted.conch.ssh.session import SSHSession
from twisted.conch.unix import SFTPServerForUnixConchUser
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor
from twisted.python.components import registerAdapter
from twisted.python.filepath import FilePath
from zope.interface import implementer

PORT, HOST_KEY, FOLDER, ACCOUNT, PASSWORD = sys.argv[1:]


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


registerAdapter(SFTPServerForUnixConchUser, Account, ISFTPServer)
key = Key.fromFile(HOST_KEY)
factory = SSHFactory()
factory.publicKeys = {key.sshType(): key.public()}
factory.privateKeys = {key.sshType(): key}
factory.portal = Portal(Realm(), [InMemoryUsernamePasswordDatabaseDontUse(**{ACCOUNT: PASSWORD.encode()})])
reactor.listenTCP(int(PORT), factory, interface="127.0.0.1")
reactor.run()
