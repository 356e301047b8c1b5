// Command unmarshal tells what etcd 3.6's own decoder makes of encoded messages.
//
// It reads records from standard input: one byte that names the message type, four bytes of length (big-endian), the
// message. For each it writes one byte, 1 if the message could be decoded and 0 if not, four bytes of length, and the
// message encoded anew without unknown fields. It ends at the end of its input.
package main

import (
	"bufio"
	"encoding/binary"
	"io"
	"log"
	"os"

	"github.com/gogo/protobuf/proto"
	pb "go.etcd.io/etcd/api/v3/etcdserverpb"
)

// generated is what gogo's generated messages have in common.
type generated interface {
	proto.Message
	Marshal() ([]byte, error)
	Unmarshal([]byte) error
}

func blank(kind byte) generated {
	switch kind {
	case 'p':
		return &pb.PutRequest{}
	case 'r':
		return &pb.RangeRequest{}
	case 'd':
		return &pb.DeleteRangeRequest{}
	case 't':
		return &pb.TxnRequest{}
	case 'c':
		return &pb.CompactionRequest{}
	case 'w':
		return &pb.WatchRequest{}
	case 'g':
		return &pb.LeaseGrantRequest{}
	case 'u':
		return &pb.AuthUserAddRequest{}
	case 'm':
		return &pb.MemberAddRequest{}
	case 'e':
		return &pb.InternalRaftRequest{}
	}
	log.Fatalf("no message type %q", kind)
	return nil
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		var head [5]byte
		if _, err := io.ReadFull(in, head[:]); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		record := make([]byte, binary.BigEndian.Uint32(head[1:]))
		if _, err := io.ReadFull(in, record); err != nil {
			log.Fatal(err)
		}
		message := blank(head[0])
		answer := []byte{0}
		var again []byte
		// As the server decodes: the generated method. Unknown fields are dropped for the second encoding alone.
		if err := message.Unmarshal(record); err == nil {
			answer[0] = 1
			proto.DiscardUnknown(message)
			if again, err = message.Marshal(); err != nil {
				log.Fatal(err)
			}
		}
		answer = binary.BigEndian.AppendUint32(answer, uint32(len(again)))
		if _, err := out.Write(append(answer, again...)); err != nil {
			log.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}
